import type { RejectionReason } from "../../protocol/index.js";

const TEXTS: Readonly<Record<RejectionReason, string>> = {
  pick: "below the threshold of its class",
  none: "more like none of the classes",
  negative: "more like a negative",
  empty: "nothing there but background",
  border: "cut by the border of the tomogram",
  "cut-off": "too improbable",
  same: "of a particle that a better pick is of",
  unidentified: "not identified yet",
};

/** Why a candidate is no pick. */
export function rejectionText(rejection: RejectionReason): string {
  return TEXTS[rejection];
}
