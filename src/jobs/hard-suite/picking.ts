import { join } from "node:path";
import type { PickScores } from "../../evaluate/index.js";
import { ensureWritableFolder } from "../../files/disk/index.js";
import type { ParticleList } from "../../io/index.js";
import { createRandom } from "../../volume/index.js";
import { evaluatePicks, scoredName } from "../evaluate/index.js";
import { pick } from "../pick/index.js";
import { classesOf, type LabelledTomogram, writeExamples } from "./examples.js";
import type { PartSettings } from "./settings.js";

/** Fractions; null where there is nothing to divide by. */
export interface PickingFigures {
  readonly detectionPrecision: number | null;
  readonly detectionRecall: number | null;
  readonly detectionF1: number | null;
  /** Mean over the true classes, those without examples included. */
  readonly classF1: number | null;
  /** Fraction of the picks that are of the class that they are named as. */
  readonly namedPrecision: number | null;
  /** Fraction of the particles of classes with examples that were found and named rightly. */
  readonly offeredFound: number | null;
  /** Fraction of the found particles of classes with examples that were named rightly. */
  readonly namedRight: number | null;
  /** Detection and mean class F1 of the sphere template of the best radius and cut-off, chosen with the truth in hand. */
  readonly sphereDetectionF1: number | null;
  readonly sphereClassF1: number | null;
}

export interface Picking {
  /** Fit for files. */
  readonly name: string;
  /** Where examples are drawn. */
  readonly from: LabelledTomogram;
  readonly truth: ParticleList;
  /** Where they are looked for; lists of the truth beside. */
  readonly searched: readonly LabelledTomogram[];
  readonly shots: number;
  readonly draw: number;
  /** Give examples of this fraction of the classes. */
  readonly offered: number;
  /** Largest distance of a pick from its particle; default half of its diameter. */
  readonly distanceAngstrom?: number | undefined;
  readonly inverted: boolean;
}

/** Draws examples, searches, and scores, once: a measurement that is there is not made again. @throws as `pick` and `evaluatePicks` do. */
export function measurePicking(picking: Picking, settings: PartSettings): Promise<PickingFigures> {
  const { name, shots, draw, offered, distanceAngstrom } = picking;
  const { seed, origin, steps } = settings;
  const stepName = `${name}-${shots}-examples-${offered === 1 ? "" : "left-out-"}draw-${draw}`;
  const follows = { ...{ seed, origin, shots, draw, offered }, distanceAngstrom: distanceAngstrom ?? null };
  return steps.once(stepName, follows, () => measure(picking, stepName, settings));
}

async function measure(picking: Picking, stepName: string, settings: PartSettings): Promise<PickingFigures> {
  const { name, from, truth, searched, shots, draw, offered, distanceAngstrom, inverted } = picking;
  const { seed, outputFolder, threads, modelPath, signal, onWarning } = settings;
  const random = createRandom(`cosnet hard suite ${seed} ${name} ${shots} ${draw}`);
  const all = classesOf(truth);
  const count = Math.round(all.length * offered);
  const classes = random
    .fork("classes")
    .sample(all.length, count)
    .map((index) => all[index]!);
  const folder = join(outputFolder, "picks", name);
  await ensureWritableFolder(folder);
  const examples = join(folder, `${stepName}.csv`);
  await writeExamples(examples, truth, { classes, shots, random });
  const onProgress: PartSettings["onProgress"] = (report) =>
    settings.onProgress?.({ ...report, stage: `${stepName}: ${report.stage}` });
  const common = { threads, signal, seed, inverted, onProgress, onWarning };
  const { voxelSizeAngstrom } = from;
  const { picksPath } = await pick({
    ...{ ...common, voxelSizeAngstrom, modelPath },
    tomogramPaths: searched.map(({ path }) => path),
    tomogramNames: searched.map((tomogram) => tomogram.name),
    examples: [examples],
    examplesTomogramPath: from.path,
    outputFolder: join(folder, "picked"), // the same for all draws, so that one search serves them
    overwrite: true,
    keepWork: true,
    command: "benchmark --suite hard",
  });
  const { scores, baseline } = await evaluatePicks({
    ...{ ...common, voxelSizeAngstrom, picksPath, distanceAngstrom },
    truthPaths: searched.map(({ truthPath }) => truthPath),
    // Costs as much as the search, and does not depend on the examples.
    tomogramPaths: draw === 1 && shots === 1 && offered === 1 ? searched.map(({ path }) => path) : undefined,
  });
  return {
    ...figuresOf(scores, classes),
    sphereDetectionF1: finite(baseline?.detection.best?.f1),
    sphereClassF1: finite(baseline?.macroBestF1),
  };
}

/** @param offered classes that have examples */
function figuresOf({ detection, macro, classes }: PickScores, offered: readonly string[]) {
  const names = new Set(offered.map(scoredName));
  const own = classes.filter(({ name }) => names.has(name));
  if (own.length !== names.size)
    throw new Error(`scores are of other classes than the examples: ${offered.join(", ")}`);
  const right = own.reduce((sum, { truePositives }) => sum + truePositives, 0);
  const truths = own.reduce((sum, score) => sum + score.truths, 0);
  return {
    detectionPrecision: finite(detection.precision),
    detectionRecall: finite(detection.recall),
    detectionF1: finite(detection.f1),
    classF1: finite(macro.f1),
    namedPrecision: finite(right / detection.picks),
    offeredFound: finite(right / truths),
    // With classes left out, which of the found particles had examples is not in the scores.
    namedRight: own.length === classes.length ? finite(right / detection.truePositives) : null,
  };
}

/** JSON has no NaN. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
