export { type SearchedByExamples, searchByExamples } from "./search.js";
