import { setTimeout } from "node:timers/promises";

/** How often Slurm is asked, and how long is waited for files. */
export interface Pace {
  /** Between the first two questions. */
  readonly firstMilliseconds: number;
  /** Controllers serve thousands of users: whoever asks for hours asks seldom. */
  readonly longestMilliseconds: number;
  /** How long the files of a task that has ended may take from its node to here. */
  readonly settleMilliseconds: number;
}

/** Network disks keep names and attributes of files for up to a minute. */
export const DEFAULT_PACE: Pace = { firstMilliseconds: 2000, longestMilliseconds: 30_000, settleMilliseconds: 60_000 };
const GROWTH = 1.3;

/** Waits, each time longer than before. The function that it gives throws when the signal is aborted. */
export function createPauses(pace: Pace, signal: AbortSignal | undefined): () => Promise<void> {
  let milliseconds = pace.firstMilliseconds;
  return async () => {
    await setTimeout(milliseconds, undefined, signal && { signal });
    milliseconds = Math.min(milliseconds * GROWTH, pace.longestMilliseconds);
  };
}
