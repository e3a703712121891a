import { join } from "node:path";
import { openSteps, packageVersion, writeFileAtomic } from "../../files/disk/index.js";
import { DEFAULT_SEED, keptWarnings } from "../../progress.js";
import { benchmark, benchmarkComplexes, benchmarkDefaults, settingsOf } from "../benchmark/index.js";
import { loadNetworks } from "../search/index.js";
import { crowdedTomograms } from "./crowded.js";
import { otherSimulator } from "./other-simulator.js";
import { hardSuitePage } from "./page.js";
import type { HardSuiteResult } from "./result.js";
import type { HardSuiteOptions, PartSettings } from "./settings.js";

const EPISODE_WAYS = [4, 6, 12, 20];
const EPISODES = { shots: [1, 5], snrs: [0.5, 0.1, 0.05], particlesPerClass: 40, crf: "off" } as const;

/**
 * The benchmark that stays hard: another simulator's tomograms, crowded tomograms of the given structures with a sphere
 * template beside, and episodes of up to 20 ways in heavy noise. Writes `hard.json` and `hard.md`; a run that was stopped
 * continues after its last measurement.
 * @throws ConfigError for fewer than four structures; otherwise as `simulateTomogram`, `pick` and `benchmark` do.
 */
export async function hardSuite(options: HardSuiteOptions): Promise<HardSuiteResult> {
  const start = performance.now();
  const { outputFolder, structureFolders, seed = DEFAULT_SEED, command = "hardSuite()", signal, onProgress } = options;
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const complexes = await benchmarkComplexes(
    settingsOf({ ...{ structureFolders, seed, signal, onProgress }, ways: [4] }, benchmarkDefaults),
  );
  const networks = await loadNetworks(options);
  const { modelLabel: model, detectorLabel: detector } = networks;
  await networks[Symbol.asyncDispose]();
  const version = packageVersion();
  const origin = {
    version,
    model,
    detector,
    complexes: complexes.map(({ name, massKilodalton }) => [name, massKilodalton]),
  };
  const steps = await openSteps(join(outputFolder, "measurements"));
  const settings: PartSettings = { ...options, ...{ seed, onWarning, steps, origin } };
  const other = await otherSimulator(settings);
  const ways = EPISODE_WAYS.filter((way) => way <= complexes.length);
  const { cells } = await steps.once("episodes", { ...EPISODES, ...{ ways, seed, origin } }, () =>
    benchmark({ ...options, ...EPISODES, ...{ seed, ways } }),
  );
  const crowded = await crowdedTomograms(complexes, settings);
  const result: HardSuiteResult = {
    ...{ version, command, model, detector, seed },
    classes: complexes.map(({ name }) => name),
    picking: [...(other ?? []), ...crowded],
    episodes: cells,
    notRun: [
      ...(other ? [] : ["another simulator's tomograms: not in the data folder (simulated/labelled_tomograms)"]),
      ...EPISODE_WAYS.filter((way) => way > complexes.length).map(
        (way) => `${way}-way episodes: the structures are ${complexes.length}`,
      ),
      "real tomograms, varied imaging, radial profile and template correlation: not in this version",
    ],
    warnings,
    jsonPath: join(outputFolder, "hard.json"),
    pagePath: join(outputFolder, "hard.md"),
    seconds: (performance.now() - start) / 1000,
  };
  await writeFileAtomic(result.jsonPath, `${JSON.stringify(result, null, 2)}\n`);
  await writeFileAtomic(result.pagePath, hardSuitePage(result));
  return result;
}
