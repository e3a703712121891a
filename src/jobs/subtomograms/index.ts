export { type BoxGrid, readMapOnGrid } from "./map-on-grid.js";
export { type OpenedParticles, openParticles } from "./open-particles.js";
