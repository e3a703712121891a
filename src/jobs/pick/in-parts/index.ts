export type { FoundInTomogram } from "./found.js";
export { type FoundSource, gatherPicks } from "./gather.js";
export { findLead, type PickLead } from "./lead.js";
export { forgetWork, pickOneTomogram } from "./pick-one.js";
