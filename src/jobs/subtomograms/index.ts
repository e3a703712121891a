export { type OpenedParticles, openParticles } from "./open-particles.js";
