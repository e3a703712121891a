import { join } from "node:path";
import {
  matchPicks,
  type PickMatch,
  type PickScores,
  pickScoresText,
  rowsByName,
  type Shrec21Prediction,
  type Shrec21Score,
  type SphereBaseline,
  type SpherePeaks,
  scorePicks,
  scoreShrec21,
  scoreSphereBaseline,
  sortedClassNames,
  type TrueParticle,
} from "../../evaluate/index.js";
import { packageVersion, withStagedFiles } from "../../files/disk/index.js";
import { DEFAULT_SEED, inOnePiece, keptWarnings } from "../../progress.js";
import { evaluateReport } from "../../report/index.js";
import { createRandom } from "../../volume/index.js";
import { findSpheres, templateRadii } from "./baseline.js";
import { shiftDoubt } from "./doubts.js";
import { type PicksAndTruth, readPicksAndTruth, simulatedLabels } from "./input.js";
import { filesOfTomograms, type ListedParticle } from "./lists.js";
import { type Occupancy, readOccupancy } from "./occupancy.js";
import type { EvaluatePicksOptions } from "./options.js";
import { classDiameters } from "./sizes.js";

/** What `evaluatePicks` wrote, and the scores. */
export interface EvaluatePicksResult {
  readonly scores: PickScores;
  readonly baseline: SphereBaseline | undefined;
  readonly shrec21: Shrec21Score | undefined;
  /** Largest distance of a pick from the particle it is matched to, by class. */
  readonly matchDistanceAngstrom: Readonly<Record<string, number>>;
  /** What that distance is, in words. */
  readonly matchRule: string;
  readonly reportPath: string | undefined;
  /** What was assumed or is odd, in sentences. */
  readonly warnings: readonly string[];
  /** All of it as the printed table. */
  readonly text: string;
  readonly seed: number;
  readonly seconds: number;
}

/**
 * Scores a particle list against the truth: one-to-one matching within a distance (see `scorePicks`), the SHREC 2021
 * contest's scorer where a label volume says which voxels belong to which particle, and the best that a sphere template can do where
 * the tomograms are given.
 * @throws ConfigError when lists do not fit together or no distance is known; FileError, FormatError; AbortError.
 */
export async function evaluatePicks(options: EvaluatePicksOptions): Promise<EvaluatePicksResult> {
  const start = performance.now();
  const { seed = DEFAULT_SEED, outputFolder } = options;
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const { picks, truths, listedVoxelSize, contrast } = await inOnePiece("reading lists", options, () =>
    readPicksAndTruth({ ...options, onWarning }),
  );
  const ofVolumes = { ...options, listedVoxelSize, contrast, onWarning };
  const tomograms = sortedClassNames(truths.map(({ tomogram }) => tomogram));
  const occupancies = await occupanciesOf(tomograms, picks, truths, ofVolumes);
  const sizes = classDiameters(truths, occupancies, options);
  const trueParticles = truths.map((truth): TrueParticle => {
    const className = truth.className!;
    const matchDistanceAngstrom = options.distanceAngstrom ?? sizes.diameters.get(className)! / 2;
    return { tomogram: truth.tomogram, positionAngstrom: truth.positionAngstrom, className, matchDistanceAngstrom };
  });
  const ignored = new Set(options.ignoredClasses ?? []);
  const match = await inOnePiece("matching picks", options, () => matchPicks(picks, trueParticles));
  const counted = picks.filter((_, pick) => !ignored.has(trueParticles[match.truthOfPick[pick]!]?.className ?? ""));
  const wanted = trueParticles.filter(({ className }) => !ignored.has(className));
  const scores = await inOnePiece("scoring picks", options, () =>
    scorePicks(counted, wanted, { random: createRandom(seed).fork("evaluate") }),
  );
  const shift = shiftDoubt(scores.localisation);
  if (shift !== undefined) onWarning(shift);
  const shrec21 = shrec21Score(picks, match, truths, occupancies);
  const baseline = await baselineOf(tomograms, wanted, sizes, ofVolumes);
  const matchDistanceAngstrom = Object.fromEntries(
    wanted.map((truth) => [truth.className, truth.matchDistanceAngstrom]),
  );
  const matchRule =
    options.distanceAngstrom === undefined
      ? `a pick within half of a particle's diameter (${sizes.source}) of its centre may be it`
      : `a pick within ${options.distanceAngstrom} Å of a particle's centre may be it`;
  const text = `${pickScoresText({ scores, baseline, shrec21 })}\n\nOne to one: ${matchRule}.`;
  const result = { scores, baseline, shrec21, matchDistanceAngstrom, matchRule, text, seed, warnings };
  const seconds = () => (performance.now() - start) / 1000;
  if (outputFolder === undefined) return { ...result, reportPath: undefined, seconds: seconds() };
  const run = {
    command: options.command ?? "evaluatePicks()",
    seed,
    version: packageVersion(),
    durationSeconds: seconds(),
    facts: [
      ["picks", options.picksPath],
      ["truth", options.truthPaths.join(", ")],
      ["match", matchRule],
      ...(options.sameClasses ?? []).map((pair) => ["same class", pair.join(" and ")] as const),
    ] as const,
  };
  await withStagedFiles(outputFolder, {}, async (files) => {
    await files.write("report.html", evaluateReport({ ...result, run }));
    const { text: _, ...data } = result;
    await files.write("evaluation.json", `${JSON.stringify({ ...run, ...data }, plainNumbers, 2)}\n`);
  });
  return { ...result, reportPath: join(outputFolder, "report.html"), seconds: seconds() };
}

/** Typed arrays as arrays; JSON has no NaN, which becomes null by itself. */
function plainNumbers(_key: string, value: unknown): unknown {
  return value instanceof Int32Array ? Array.from(value) : value;
}

/** How volumes are read: the options, and what the list of picks says of the tomograms. */
type VolumeOptions = EvaluatePicksOptions & Pick<PicksAndTruth, "listedVoxelSize" | "contrast">;

/** Label volumes by tomogram: those given, or the one that the simulator wrote beside the ground truth. */
async function occupanciesOf(
  tomograms: readonly string[],
  picks: readonly ListedParticle[],
  truths: readonly ListedParticle[],
  options: VolumeOptions,
): Promise<ReadonlyMap<string, Occupancy>> {
  let paths = options.occupancyPaths ?? [];
  if (paths.length === 0 && options.truthPaths.length === 1 && tomograms.length === 1) {
    const simulated = await simulatedLabels(options);
    if (simulated !== undefined && truths.every(({ instance }) => instance !== undefined)) paths = [simulated];
  }
  if (paths.length === 0) return new Map();
  const files = filesOfTomograms(paths, tomograms, "label");
  const found = new Map<string, Occupancy>();
  const [picksOf, truthsOf] = [byTomogram(picks), byTomogram(truths)];
  for (const tomogram of tomograms) {
    const [ownPicks, ownTruths] = [picksOf(tomogram), truthsOf(tomogram)];
    const reading = { ...options, stage: "reading labels" };
    found.set(tomogram, await readOccupancy(files.get(tomogram)!, ownPicks, ownTruths, reading));
  }
  return found;
}

/** The particles of each tomogram; none of one that the list does not have. */
function byTomogram<T extends { readonly tomogram: string }>(particles: readonly T[]): (tomogram: string) => T[] {
  const rows = rowsByName(particles, ({ tomogram }) => tomogram);
  return (tomogram) => (rows.get(tomogram) ?? []).map((row) => particles[row]!);
}

/** All tomograms together; undefined where one has no label volume. */
function shrec21Score(
  picks: readonly ListedParticle[],
  { truthOfPick: matched }: PickMatch,
  truths: readonly ListedParticle[],
  occupancies: ReadonlyMap<string, Occupancy>,
): Shrec21Score | undefined {
  const [pickRows, truthRows] = [picks, truths].map((list) => rowsByName(list, ({ tomogram }) => tomogram));
  if (occupancies.size < truthRows!.size) return undefined;
  const predictions: Shrec21Prediction[] = [];
  const classes: string[] = [];
  for (const [tomogram, { truthOfPick }] of occupancies) {
    for (const [i, row] of (pickRows!.get(tomogram) ?? []).entries())
      predictions.push({
        className: picks[row]!.className,
        truth: truthOfPick[i]! < 0 ? -1 : classes.length + truthOfPick[i]!,
        isNearParticle: matched[row]! >= 0,
      });
    for (const row of truthRows!.get(tomogram) ?? []) classes.push(truths[row]!.className!);
  }
  return scoreShrec21(predictions, classes);
}

async function baselineOf(
  tomograms: readonly string[],
  truths: readonly TrueParticle[],
  { diameters }: { readonly diameters: ReadonlyMap<string, number> },
  options: VolumeOptions,
): Promise<SphereBaseline | undefined> {
  const { tomogramPaths = [] } = options;
  if (tomogramPaths.length === 0) return undefined;
  const files = filesOfTomograms(tomogramPaths, tomograms, "tomogram");
  const names = new Set(truths.map(({ className }) => className));
  const radiusOfClass = templateRadii(
    new Map([...diameters].filter(([name]) => names.has(name)).map(([name, diameter]) => [name, diameter / 2])),
  );
  const radii = [...new Set(radiusOfClass.values())];
  const peaks: SpherePeaks[] = [];
  const truthsOf = byTomogram(truths);
  for (const tomogram of tomograms) {
    const own = truthsOf(tomogram);
    const found = await findSpheres(files.get(tomogram)!, tomogram, radii, {
      ...options,
      truePositionsAngstrom: own.map(({ positionAngstrom }) => positionAngstrom),
      // Beyond ten peaks a particle no cut-off is the best one.
      maximumPeaks: Math.max(500, 10 * own.length),
    });
    for (const set of found) peaks.push(set);
  }
  return scoreSphereBaseline(peaks, truths, radiusOfClass);
}
