export { hardSuite } from "./hard-suite.js";
export { hardSuitePage } from "./page.js";
export type { HardSuiteResult } from "./result.js";
export type { HardSuiteOptions } from "./settings.js";
