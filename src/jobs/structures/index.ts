export { type FetchStructuresOptions, type FetchStructuresResult, fetchStructures } from "./fetch.js";
