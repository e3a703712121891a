import { join } from "node:path";
import type { PickScores } from "../../../evaluate/index.js";
import { ensureWritableFolder } from "../../../files/disk/index.js";
import type { ParticleList } from "../../../io/index.js";
import { createRandom } from "../../../volume/index.js";
import { evaluatePicks, scoredName } from "../../evaluate/index.js";
import { pick } from "../../pick/index.js";
import { DRAWS, type PartSettings } from "../settings.js";
import { finite } from "../spread.js";
import { classesOf, type LabelledTomogram, writeExamples } from "./examples.js";
import { rankedFigures } from "./ranked.js";
import type { PickingFigures, PlannedPickingRow } from "./rows.js";

/** Tomograms, and what is in them. */
interface Scene {
  /** Where examples are drawn. */
  readonly from: LabelledTomogram;
  readonly truth: ParticleList;
  /** Where they are looked for; lists of the truth beside. */
  readonly searched: readonly LabelledTomogram[];
}

interface Picking extends Pick<PlannedPickingRow, "part" | "shots"> {
  /** Fit for files. */
  readonly name: string;
  readonly scene: (draw: number) => (settings: PartSettings) => Promise<Scene>;
  /** Give examples of this fraction of the classes. */
  readonly offered: number;
  /** Largest distance of a pick from its particle; default half of its diameter. */
  readonly distanceAngstrom?: number | undefined;
  readonly inverted: boolean;
  /** About how long a draw takes on two cores that do nothing else. */
  readonly seconds: number;
}

/** Draws of the examples that are searched with and scored. They throw as `pick` and `evaluatePicks` do. */
export function plannedPicking(picking: Picking): PlannedPickingRow {
  const { name, part, shots, offered, seconds, scene, distanceAngstrom } = picking;
  const draws = DRAWS.map((draw) => {
    const stepName = `${name}-${shots}-examples-${offered === 1 ? "" : "left-out-"}draw-${draw}`;
    const follows = { shots, draw, offered, distanceAngstrom: distanceAngstrom ?? null };
    const measure = async (settings: PartSettings) =>
      measurePicking(picking, await scene(draw)(settings), { stepName, draw }, settings);
    return { name: stepName, follows, seconds, measure };
  });
  return { part, shots, draws };
}

async function measurePicking(
  { name, shots, offered, distanceAngstrom, inverted }: Picking,
  { from, truth, searched }: Scene,
  { stepName, draw }: { readonly stepName: string; readonly draw: number },
  { seed, outputFolder, threads, modelPath, signal, onProgress, onWarning }: PartSettings,
): Promise<PickingFigures> {
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
  const common = { threads, signal, seed, inverted, onProgress, onWarning };
  const { voxelSizeAngstrom } = from;
  const { picksPath, candidatesPath } = await pick({
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
  const truthPaths = searched.map(({ truthPath }) => truthPath);
  const scoring = { ...common, voxelSizeAngstrom, distanceAngstrom, truthPaths };
  const { scores, baseline } = await evaluatePicks({
    ...{ ...scoring, picksPath },
    // Costs as much as the search, and does not depend on the examples.
    tomogramPaths: draw === 1 && shots === 1 && offered === 1 ? searched.map(({ path }) => path) : undefined,
  });
  // The scores do not tell of which particles there are examples.
  const ranked =
    offered === 1 && (await rankedFigures({ ...scoring, picksPath: candidatesPath, onWarning: undefined }));
  return {
    ...figuresOf(scores, classes),
    ...(ranked || { foundByProbability: null, foundByDetection: null }),
    sphereDetectionF1: finite(baseline?.detection.best?.f1),
    sphereClassF1: finite(baseline?.macroBestF1),
  };
}

/** @param offered classes that have examples */
function figuresOf({ detection, classes }: PickScores, offered: readonly string[]) {
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
    classF1: finite(own.reduce((sum, { f1 }) => sum + f1, 0) / own.length),
    namedPrecision: finite(right / detection.picks),
    offeredFound: finite(right / truths),
    // With classes left out, which of the found particles had examples is not in the scores.
    namedRight: own.length === classes.length ? finite(right / detection.truePositives) : null,
  };
}
