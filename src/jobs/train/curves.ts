import { writeFileAtomic } from "../../files/disk/index.js";
import type { HistoryEntry } from "../../files/model/index.js";
import { trainingCurves } from "../../report/index.js";

/** Loss of every step and validation error, as an SVG picture. */
export function writeTrainingCurves(
  path: string,
  trace: readonly number[],
  history: readonly HistoryEntry[],
): Promise<void> {
  const svg = trainingCurves({
    title: "Training loss (classification + Dice), and error on validation complexes (1 - score)",
    train: Array.from({ length: trace.length / TRACE_FIGURES }, (_, i) => ({
      step: i + 1,
      loss: trace[i * TRACE_FIGURES]! + trace[i * TRACE_FIGURES + 1]!,
    })),
    validation: history.map(({ step, validation }) => ({ step, loss: 1 - validation.score })),
    yScale: "log",
  });
  return writeFileAtomic(path, svg);
}

/** Figures kept of each step: classification loss, Dice loss, share matched. */
export const TRACE_FIGURES = 3;
