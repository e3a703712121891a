export { emptyExamples } from "./empty.js";
export { checkFilaments } from "./filaments.js";
export { measureGreyEvidence } from "./grey-evidence.js";
export { leadingExamples, type MeasuredTomogram } from "./lead.js";
export { ownExamples } from "./own-examples.js";
export { type SearchedByExamples, searchByExamples } from "./search.js";
