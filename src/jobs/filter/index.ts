export { type FilterResult, filterParticles } from "./filter.js";
export { type ListInput, readListInput, refuseOverwriting } from "./input.js";
export type { FilterOptions, ListToListOptions, Region } from "./options.js";
export { writeResult } from "./output.js";
export { bestFirst, groupsOf, spacedRows } from "./spacing.js";
