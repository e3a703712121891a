/** Which candidates were not picked, and why, for people. */
import type { PickReportData, RejectedCandidate } from "../../../report/index.js";
import type { Rejection } from "../identify.js";
import type { PickSettings } from "../options.js";
import type { PickedCandidate, PickedTomogram } from "../picked-tomogram.js";

type CutOff = { readonly cutOff?: PickSettings["cutOff"] | undefined };

/** Nobody reads more rows; `candidates.star` has all. */
const SHOWN = 100;

/** Candidates that are nearer to a class than to none, but are below the cut-off. */
export function lessProbable(tomograms: readonly PickedTomogram[], settings: CutOff): PickReportData["lessProbable"] {
  const reason: Rejection = settings.cutOff === undefined ? "border" : "cut-off";
  const below = tomograms.flatMap(({ candidates }) => candidates.filter(({ rejection }) => rejection === reason));
  return { reason: rejectionText(reason, settings), count: below.length };
}

/** The best of the candidates that were not picked, and how many were not for each reason. */
export function rejectedCandidates(tomograms: readonly PickedTomogram[], settings: CutOff): PickReportData["rejected"] {
  const rejected = tomograms.flatMap(({ candidates }) => candidates.filter(({ accepted }) => !accepted));
  const counts = new Map<Rejection, number>();
  for (const { rejection } of rejected) if (rejection) counts.set(rejection, (counts.get(rejection) ?? 0) + 1);
  return {
    best: rejected
      .toSorted((a, b) => b.pickScore - a.pickScore)
      .slice(0, SHOWN)
      .map((candidate) => rowOf(candidate, settings)),
    reasons: [...counts]
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]) => [rejectionText(reason, settings), count] as const),
  };
}

function rejectionText(rejection: Rejection, { cutOff }: CutOff): string {
  switch (rejection) {
    case "none":
      return "more probably of none of the classes";
    case "negative":
      return "most similar to negatives";
    case "empty":
      return "of a class at whose examples there is nothing";
    case "border":
      return "at the border, less probable than 0.5";
    case "cut-off":
      return `less probable than ${cutOff}`;
    case "same":
      return "of a particle that a better pick is of: their masks are the same";
  }
}

function rowOf(candidate: PickedCandidate, settings: CutOff): RejectedCandidate {
  const { search, classIndex, probability, similarity, score, rejection } = candidate;
  const { grid } = search.searched;
  return {
    ...{ tomogram: grid.path, probability, similarity, detectionScore: score },
    ...positionTexts(candidate),
    nearestClass: search.examples.names[classIndex]!,
    reason: rejection ? rejectionText(rejection, settings) : "",
  };
}

/** "x, y, z" in Å and in voxels of the file, the first voxel is 0. */
export function positionTexts({
  positionAngstrom: { x, y, z },
  search,
}: Pick<PickedCandidate, "positionAngstrom" | "search">): { readonly position: string; readonly voxel: string } {
  const { fileVoxelSizeAngstrom } = search.searched.grid;
  return {
    position: [x, y, z].map((at) => at.toFixed(0)).join(", "),
    voxel: [x, y, z].map((at) => Math.round(at / fileVoxelSizeAngstrom)).join(", "),
  };
}
