export { hardSuite } from "./hard-suite.js";
export { hardSuitePage } from "./page.js";
export type { PickingFigures } from "./picking.js";
export type { HardSuiteResult } from "./result.js";
export type { PickingRow, Spread } from "./rows.js";
export type { HardSuiteOptions } from "./settings.js";
