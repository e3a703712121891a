/** Sections, 3-D view, and what steers them. */
import "./view.css";

export type { Marker } from "./marker.js";
export { TomogramView, type TomogramViewProps } from "./tomogram-view.js";
