export { type CrfFitResult, type CrfFitRow, fitCrf } from "./fit.js";
