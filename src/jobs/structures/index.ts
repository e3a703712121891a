export {
  type FetchedStructure,
  type FetchStructuresOptions,
  type FetchStructuresResult,
  fetchStructures,
} from "./fetch.js";
