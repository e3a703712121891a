export { simulateParticles } from "./simulate-particles.js";
