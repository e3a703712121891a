/** Sections, 3-D view, and what steers them. */
import "./view.css";

export { followLink } from "./follow-link.js";
export type { Marker } from "./marker.js";
export type { PlacedAverage } from "./placed-average.js";
export { TomogramView } from "./tomogram-view.js";
export { VIEW_GESTURES, VIEW_KEYS } from "./view-keys.js";
