export { type OpenedParticles, type OpenParticlesOptions, openParticles } from "./open-particles.js";
