import type { RunRequest } from "../../protocol/index.js";

const TITLES = {
  pick: "Finding particles",
  segment: "Making surfaces",
  average: "Averaging",
} as const satisfies Readonly<Record<RunRequest["kind"], string>>;

/** What a run does, as it stands over its progress. */
export function runTitle(request: RunRequest): string {
  return request.kind === "pick" && request.listed ? "Naming particles" : TITLES[request.kind];
}
