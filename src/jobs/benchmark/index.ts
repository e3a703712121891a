export { benchmarkCsv, benchmarkText } from "../../evaluate/index.js";
export { type BenchmarkReport, benchmark } from "./benchmark.js";
export { compareParticles } from "./compare.js";
export { accuracyOf, type Compared, tasksOf } from "./episodes.js";
export { type LabelledParticles, maskDices, renderLabelledParticles } from "./labelled-particles.js";
export {
  type BenchmarkOptions,
  type BenchmarkSettings,
  benchmarkComplexes,
  benchmarkDefaults,
  type EpisodeSettings,
  settingsOf,
} from "./options.js";
