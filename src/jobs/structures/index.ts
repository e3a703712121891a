export { fetchStructures } from "./fetch.js";
