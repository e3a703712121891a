export type { Comparison, EpisodeAccuracy, EpisodeRow } from "./episodes/rows.js";
export { hardSuite } from "./hard-suite.js";
export type { MeasuredRow } from "./measured/rows.js";
export { hardSuitePage } from "./page.js";
export type { PickingFigures, PickingRow } from "./picking/rows.js";
export type { HardSuiteResult } from "./result.js";
export type { HardSuiteOptions } from "./settings.js";
export type { Spread } from "./spread.js";
