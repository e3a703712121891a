import { type CrfParameters, fittedCrf, paperCrf } from "../../infer/index.js";

/** How masks are refined by the conditional random field: not at all, with the parameters fitted to the model, or with the paper's. */
export type CrfChoice = "off" | "fitted" | "paper";

export function crfParameters(choice: CrfChoice): CrfParameters | undefined {
  return { off: undefined, fitted: fittedCrf, paper: paperCrf }[choice];
}
