export { checkFilaments } from "./filaments.js";
export { measureGreyEvidence } from "./grey-evidence.js";
export { type JudgedExample, judgeExamples } from "./judge-examples.js";
export { type Lead, leadingExamples, type MeasuredTomogram } from "./lead.js";
export type { Filament } from "./likeness.js";
export { type SearchedByExamples, searchByExamples } from "./search.js";
