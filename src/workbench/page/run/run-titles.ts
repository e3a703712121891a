import type { RunRequest } from "../../protocol/index.js";

/** What runs do, as it stands over their progress. */
export const RUN_TITLES = {
  pick: "Finding particles",
  segment: "Making surfaces",
  average: "Averaging",
} as const satisfies Readonly<Record<RunRequest["kind"], string>>;
