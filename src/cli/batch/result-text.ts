import { countText } from "../../count-text.js";
import type { BatchFailure, BatchResult } from "../../jobs/batch/index.js";
import { shellWord } from "../../jobs/command-text/index.js";
import { paddedNames } from "../printable.js";
import { durationText } from "../progress-display.js";
import type { Outcome } from "../run-action.js";

/** What `batch run` and `batch retry` say at their end. */
export function resultOutcome(command: string, result: BatchResult): Outcome {
  const { outputFolder, picksPath, reportPath, step, picks, classes, gathered, tomograms, failures, seconds } = result;
  const what = step === "classify" ? "of the classes" : "picked";
  const names = paddedNames(classes);
  const text = [
    ...(picksPath === undefined
      ? ["Nothing is gathered."]
      : [
          `${countText(picks, "particle")} ${what} in ${gathered} of ${countText(tomograms, "tomogram")}:`,
          ...classes.map((entry, i) => `  ${names[i]}  ${entry.picks}`),
          `List: ${picksPath}\nReport: ${reportPath} (open it in a browser)`,
        ]),
    ...failureLines(outputFolder, failures),
    `Took ${durationText(seconds)}.`,
  ].join("\n");
  return { text, summary: { command, ...result }, failed: failures.length > 0 };
}

/** Failures with their reasons, and the command that tries them again; nothing where nothing failed. */
export function failureLines(folder: string, failures: readonly BatchFailure[]): string[] {
  if (failures.length === 0) return [];
  return [
    `${countText(failures.length, "failure")}:`,
    ...failures.map(({ what, reason, hint }) => `  ${what}: ${reason}${hint === undefined ? "" : `. ${hint}`}`),
    `To try again: cosnet batch retry ${shellWord(folder)}`,
  ];
}
