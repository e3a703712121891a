export { type CrfFitOptions, type CrfFitResult, type CrfFitRow, fitCrf } from "./fit.js";
