export { type SimulatedParticles, type SimulateParticlesOptions, simulateParticles } from "./simulate-particles.js";
