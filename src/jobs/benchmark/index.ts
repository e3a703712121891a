export { benchmarkCsv, benchmarkText } from "../../evaluate/index.js";
export { type BenchmarkReport, benchmark } from "./benchmark.js";
export { type LabelledParticles, maskDices, renderLabelledParticles } from "./labelled-particles.js";
export {
  type BenchmarkOptions,
  type BenchmarkSettings,
  benchmarkComplexes,
  benchmarkDefaults,
  settingsOf,
} from "./options.js";
