/** Boxes turned onto those like them, as jobs have it done: with progress, and with what was not measured left out. */
import { nodeRuntime } from "../../../files/model/index.js";
import {
  type CompareNeighbours,
  compareNeighbours,
  createAverager,
  SPECTRUM_LENGTH,
  type Turning,
} from "../../../infer/index.js";
import type { JobOptions } from "../../../progress.js";
import { compareInThreads } from "./turning-threads.js";

interface TurnedOptions extends Pick<JobOptions, "onProgress" | "signal"> {
  readonly threads?: number | undefined;
}

/** Fewer boxes are done before other threads have saved what it costs to start them. */
const WORTH_THREADS = 400;

/** At frequencies that were measured to this tilt angle; undefined where none are missing. */
export function turned(
  tiltDegrees: number | undefined,
  { threads = nodeRuntime.defaultThreads ?? 1, signal, onProgress }: TurnedOptions,
  stage = "comparing orientations of like candidates",
): CompareNeighbours {
  const isCompiled = !import.meta.url.endsWith(".ts"); // threads begin with compiled modules; tests run without
  return (boxes) => {
    const telling = { signal, onProgress: (done: number, total: number) => onProgress?.({ stage, done, total }) };
    const count = boxes.spectra.length / SPECTRUM_LENGTH;
    if (isCompiled && threads > 1 && count >= WORTH_THREADS)
      return compareInThreads(boxes, { tiltDegrees, threads, ...telling });
    return compareNeighbours(nodeRuntime, boxes, { tiltDegrees, threads, ...telling });
  };
}

/** The same, and averages of them. */
export function turning(tiltDegrees: number | undefined, options: TurnedOptions): Turning {
  const { threads, signal } = options;
  return {
    compare: turned(tiltDegrees, options),
    openAverager: (typical) => createAverager(nodeRuntime, { tiltDegrees, typical, threads, signal }),
  };
}

/** What was measured in all of several tomograms: the smallest of their maximum tilt angles, of those that have one. */
export function commonTilt(tiltDegrees: readonly (number | undefined)[]): number | undefined {
  const known = tiltDegrees.filter((tilt) => tilt !== undefined);
  return known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : undefined;
}
