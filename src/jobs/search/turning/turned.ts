/** Boxes turned onto those like them, as jobs have it done: with progress, and with what was not measured left out. */
import { nodeRuntime } from "../../files/model/index.js";
import { type CompareNeighbours, compareNeighbours } from "../../infer/index.js";
import type { JobOptions } from "../../progress.js";

interface Turning extends Pick<JobOptions, "onProgress" | "signal"> {
  readonly threads?: number | undefined;
}

/** At frequencies that were measured to this tilt angle; undefined where none are missing. */
export function turned(
  tiltDegrees: number | undefined,
  { threads, signal, onProgress }: Turning,
  stage = "comparing orientations of like candidates",
): CompareNeighbours {
  return (boxes) =>
    compareNeighbours(nodeRuntime, boxes, {
      ...{ tiltDegrees, threads, signal },
      onProgress: (done, total) => onProgress?.({ stage, done, total }),
    });
}

/** What was measured in all of several tomograms: the smallest of their maximum tilt angles, of those that have one. */
export function commonTilt(tiltDegrees: readonly (number | undefined)[]): number | undefined {
  const known = tiltDegrees.filter((tilt) => tilt !== undefined);
  return known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : undefined;
}
