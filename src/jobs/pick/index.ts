export { type PickOptions, pickDefaults } from "./options.js";
export type { PickResult } from "./output.js";
export { pick } from "./pick.js";
