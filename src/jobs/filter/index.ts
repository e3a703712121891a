export { type FilterResult, filterParticles } from "./filter.js";
export type { FilterOptions, ListToListOptions, Region } from "./options.js";
