export { type PickResult, pick } from "./pick.js";
