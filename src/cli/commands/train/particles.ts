import { countText } from "../../../count-text.js";
import type { FineTuneEntry, FineTuneResult } from "../../../jobs/fine-tune/index.js";
import { percent } from "../../printable.js";
import type { Outcome, WorkProgress } from "../../run-action.js";
import { jobOptions } from "../../shared-options.js";
import type { TrainFlags } from "./options.js";

/** `cosnet train --particles`. */
export async function trainOnParticles(list: string, flags: TrainFlags, progress: WorkProgress): Promise<Outcome> {
  const { fineTune } = await import("../../../jobs/fine-tune/index.js");
  const result = await fineTune({
    ...jobOptions(flags),
    particlesPath: list,
    heldOutShare: flags.holdOut,
    tomogramPath: flags.tomogram,
    ...progress,
  });
  return { text: fineTuneText(result, list), summary: { command: "train", ...result } };
}

function fineTuneText(result: FineTuneResult, list: string): string {
  const { before, after, classes, settings } = result;
  const training = classes.reduce((sum, one) => sum + one.training, 0);
  const heldOut = classes.reduce((sum, one) => sum + one.heldOut, 0);
  const rows = [...heldOutRows(before, after), ...otherRows(before, after)];
  const width = Math.max(...rows.map(([name]) => name!.length));
  const column = Math.max(6, ...rows.map(([, first]) => first!.length));
  const unchanged = after.step === before.step;
  return [
    `Learnt from ${countText(training, "particle")} of ${countText(classes.length, "class", "classes")}; ${countText(heldOut, "particle")} held out; ${result.contrast}; ${result.measured}.`,
    `Accuracy in % [95 % interval]`,
    ...[["", "before", "after"], ...rows].map(
      ([name, first, second]) => `  ${name!.padEnd(width)}  ${first!.padStart(column)}  ${second!.padStart(column)}`,
    ),
    ...(heldOut > 0
      ? ["The held-out particles chose the step: figures on particles of another tomogram may be a little lower."]
      : []),
    unchanged
      ? "No step was better than the start: the model is the one it started from."
      : `Step ${after.step} of ${settings.steps} was taken (${result.minutes.toFixed(1)} minutes).`,
    `Model: ${result.modelPath}`,
    `Use it: cosnet classify --model ${result.modelPath} --examples ${list} --particles PARTICLES.star`,
  ].join("\n");
}

function heldOutRows(before: FineTuneEntry, after: FineTuneEntry): string[][] {
  if (!before.heldOut || !after.heldOut) return [];
  const show = (value: number, [low, high]: readonly [number, number]): string =>
    `${percent(value)} [${percent(low)}, ${percent(high)}]`;
  const row = (name: string, of: (scores: NonNullable<FineTuneEntry["heldOut"]>) => string): string[] => [
    name,
    of(before.heldOut!),
    of(after.heldOut!),
  ];
  return [
    row("held-out particles, all others as examples", ({ accuracy, ci95 }) => show(accuracy, ci95)),
    row("held-out particles, one example a class", ({ oneShotAccuracy, oneShotCi95 }) =>
      show(oneShotAccuracy, oneShotCi95),
    ),
  ];
}

/** What it still knows of complexes that are not the user's. */
function otherRows(before: FineTuneEntry, after: FineTuneEntry): string[][] {
  return Object.keys(before.others)
    .filter((figure) => figure !== "score")
    .map((figure) => [
      `other complexes, ${figure.replace(/^accuracy /, "")}`,
      percent(before.others[figure]!),
      percent(after.others[figure]!),
    ]);
}
