import { join } from "node:path";
import { openSteps, packageVersion, writeFileAtomic } from "../../files/disk/index.js";
import { DEFAULT_SEED, keptWarnings } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { benchmarkComplexes, benchmarkDefaults, settingsOf } from "../benchmark/index.js";
import { loadNetworks } from "../search/index.js";
import { episodes, impossibleWays } from "./episodes/episodes.js";
import type { PlannedEpisodes } from "./episodes/rows.js";
import { measuredData } from "./measured/measured-data.js";
import type { MeasuredRow, PlannedMeasuredSet } from "./measured/rows.js";
import { type Measurement, type MeasurementRunner, measurementRunner } from "./measurement.js";
import { hardSuitePage } from "./page.js";
import { crowdedTomograms } from "./picking/crowded.js";
import { otherSimulator } from "./picking/other-simulator.js";
import type { PickingRow, PlannedPickingRow } from "./picking/rows.js";
import type { HardSuiteResult } from "./result.js";
import type { HardSuiteOptions, PartSettings } from "./settings.js";
import { spreadsOf } from "./spread.js";

/**
 * The benchmark that stays hard: measured data, another simulator's tomograms, crowded tomograms of the given structures with
 * a sphere template beside, and episodes of up to 20 ways in heavy noise beside radial profiles, power spectra and template
 * correlation. Writes `hard.json` and `hard.md`; a run that was
 * stopped continues after its last measurement.
 * @throws ConfigError for fewer than four structures; otherwise as `simulateTomogram`, `pick`, `classify` and `benchmark` do.
 */
export async function hardSuite(options: HardSuiteOptions): Promise<HardSuiteResult> {
  const start = performance.now();
  const { outputFolder, structureFolders, seed = DEFAULT_SEED, command = "hardSuite()", signal, onProgress } = options;
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const complexes = await benchmarkComplexes(
    settingsOf({ ...{ structureFolders, seed, signal, onProgress }, ways: [4] }, benchmarkDefaults),
  );
  const origin = await originOf(complexes, options);
  const steps = await openSteps(join(outputFolder, "measurements"));
  const settings: PartSettings = { ...options, ...{ seed, onWarning, steps, origin } };
  const plan = await planOf(complexes, options);
  const run = measurementRunner(measurementsOf(plan), settings);
  const result: HardSuiteResult = {
    ...{ version: origin.version, command, model: origin.model, detector: origin.detector, seed },
    classes: complexes.map(({ name }) => name),
    measured: await measuredRows(plan.measured, run),
    picking: await pickingRows(plan.picking, run),
    episodes: (await inTurn(plan.episodes, run)).flat(),
    ...{ notRun: plan.notRun, warnings },
    jsonPath: join(outputFolder, "hard.json"),
    pagePath: join(outputFolder, "hard.md"),
    seconds: (performance.now() - start) / 1000,
  };
  await writeFileAtomic(result.jsonPath, `${JSON.stringify(result, null, 2)}\n`);
  await writeFileAtomic(result.pagePath, hardSuitePage(result));
  return result;
}

/** What every measurement follows from. */
async function originOf(complexes: readonly Complex[], options: HardSuiteOptions) {
  await using networks = await loadNetworks(options);
  return {
    version: packageVersion(),
    model: networks.modelLabel,
    detector: networks.detectorLabel,
    complexes: complexes.map(({ name, massKilodalton }) => [name, massKilodalton]),
  };
}

/** All that is to be measured. */
interface Plan {
  readonly measured: readonly PlannedMeasuredSet[];
  readonly picking: readonly PlannedPickingRow[];
  readonly episodes: readonly PlannedEpisodes[];
  /** What the data do not allow, in sentences. */
  readonly notRun: readonly string[];
}

async function planOf(complexes: readonly Complex[], { dataFolder }: HardSuiteOptions): Promise<Plan> {
  const measured = await measuredData(dataFolder);
  const other = dataFolder === undefined ? undefined : await otherSimulator(dataFolder);
  return {
    measured: measured.planned,
    picking: [...(other ?? []), ...crowdedTomograms(complexes)],
    episodes: episodes(complexes),
    notRun: [
      ...measured.notRun,
      ...(other ? [] : ["another simulator's tomograms (simulated/labelled_tomograms): not in the data folder"]),
      ...impossibleWays(complexes).map((way) => `${way}-way episodes: the structures are ${complexes.length}`),
    ],
  };
}

function measurementsOf({ measured, picking, episodes }: Plan): Measurement<unknown>[] {
  return [...measured.flatMap(({ draws }) => draws), ...picking.flatMap(({ draws }) => draws), ...episodes];
}

async function measuredRows(sets: readonly PlannedMeasuredSet[], run: MeasurementRunner): Promise<MeasuredRow[]> {
  const rows: MeasuredRow[] = [];
  for (const { set, figures, draws } of sets) {
    const spreads = spreadsOf(await inTurn(draws, run));
    for (const [key, figure] of Object.entries(figures)) rows.push({ set, figure, spread: spreads[key] ?? null });
  }
  return rows;
}

async function pickingRows(planned: readonly PlannedPickingRow[], run: MeasurementRunner): Promise<PickingRow[]> {
  const rows: PickingRow[] = [];
  for (const { part, shots, draws } of planned)
    rows.push({ part, shots, figures: spreadsOf(await inTurn(draws, run)) });
  return rows;
}

async function inTurn<Result>(measurements: readonly Measurement<Result>[], run: MeasurementRunner): Promise<Result[]> {
  const results: Result[] = [];
  for (const measurement of measurements) results.push(await run(measurement));
  return results;
}
