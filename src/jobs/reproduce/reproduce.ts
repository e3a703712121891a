import { createHash } from "node:crypto";
import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { SNR_DEFINITION } from "../../evaluate/index.js";
import { loadComplexes } from "../../files/complexes/index.js";
import {
  ensureWritableFolder,
  fileExists,
  packageVersion,
  readFileBytes,
  writeFileAtomic,
} from "../../files/disk/index.js";
import { DEFAULT_MODEL_PATH, loadModel } from "../../files/model/index.js";
import { openSteps, type StepFiles } from "../../files/resume/index.js";
import type { Progress } from "../../progress.js";
import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { type RobustnessReport, robustness, robustnessCsv } from "../robustness/index.js";
import { arithmeticOf, type NetworkArithmetic } from "./arithmetic.js";
import {
  type ExampleParticles,
  exampleParticles,
  type MeasuredNetwork,
  type MeasureOptions,
  measureNetwork,
  type NetworkMeasurement,
  PICTURE_SNR,
  particleSource,
} from "./measure.js";
import { reproductionTables } from "./measured-tables.js";
import { examplePictures } from "./pictures.js";
import {
  paperSize,
  type ReproduceOptions,
  type ReproductionNetwork,
  type ReproductionSettings,
  reproductionNetworks,
  reproductionSettings,
} from "./plan.js";
import type { PaperSize } from "./report/data.js";
import { reproductionReport } from "./report/report.js";
import { type ReproductionTables, reproductionCsv } from "./tables/tables.js";
import { namesAndMasses, type TrainedNetwork, trainNetwork } from "./training.js";

export interface ReproduceResult extends ReproductionTables {
  readonly reportPath: string;
  readonly settings: ReproductionSettings;
  readonly trainingComplexes: readonly string[];
  readonly testComplexes: readonly string[];
  readonly snrDefinition: string;
  readonly paperSize: PaperSize;
  /** Of the shipped model; not measured without structures. */
  readonly robustness: RobustnessReport | undefined;
  readonly seconds: number;
}

/** Of a quick run without structures: as many as the paper has. */
const STAND_INS = { training: 14, test: 8 };

/**
 * The paper's experiment: trains its network in the four forms of its Table 1 and ours on the training complexes, measures
 * all of them and the shipped model on the same particles and episodes of the test complexes, and writes `report.html`,
 * `report.md`, `tables.json`, the tables as CSV and the figures as SVG. Trainings, measurements and pictures are kept in the folder as they are done: the
 * same call goes on where an interrupted one stopped.
 * @throws ConfigError for impossible sizes, or when the folder holds another experiment's training; otherwise as reading
 * structures, training and loading models.
 */
export async function reproduce(options: ReproduceOptions): Promise<ReproduceResult> {
  const start = performance.now();
  const settings = reproductionSettings(options);
  const { outputFolder: folder } = options;
  await ensureWritableFolder(folder);
  const steps = await openSteps(join(folder, "steps"));
  const folders = options.structuresFolder === undefined ? undefined : [options.structuresFolder].flat();
  const training = folders === undefined ? [] : await complexesIn(folders, "train", options);
  const networks = reproductionNetworks(settings);
  const test = folders === undefined ? standIns() : await complexesIn(folders, "test", options);
  if (training.length > 0) checkNumbers(training.length, test.length, networks, settings);
  const trained = new Map<string, TrainedNetwork>();
  for (const network of networks) {
    if (!network.training) continue;
    const result = await trainNetwork(network, network.training, {
      folder,
      steps,
      settings,
      structureFolders: folders?.map((part) => join(part, "train")),
      complexes: training,
      standIns: STAND_INS.training,
      threads: options.threads,
      onProgress: options.onProgress,
      signal: options.signal,
    });
    trained.set(network.key, result);
  }
  const measuring: MeasureOptions = { ...options, settings, steps, complexes: test, threads: options.threads };
  const source = particleSource(measuring);
  const measurements = new Map<number, Map<string, NetworkMeasurement>>();
  let examples: ExampleParticles | undefined;
  for (const snr of settings.snrs) {
    // While the particles of this noise level are at hand: they are rendered anew at the next.
    if (snr === PICTURE_SNR) examples = await exampleParticles(source, measuring);
    const ofNetworks = new Map<string, NetworkMeasurement>();
    for (const network of networks) {
      const measured = await measuredNetwork(network, trained, options);
      ofNetworks.set(network.key, await measureNetwork(measured, snr, source, measuring));
    }
    measurements.set(snr, ofNetworks);
  }
  const shipped = await measuredNetwork(networks.find(({ training }) => !training)!, trained, options);
  const underConditions = await conditionsOf(shipped, test, measuring, options);
  const arithmetic = await arithmeticOfModel(shipped.modelPath);
  const tables = reproductionTables({
    networks,
    trained,
    shipped: arithmetic,
    measurements,
    complexes: test,
    settings,
  });
  const facts = {
    settings,
    trainingComplexes: training.map(({ name }) => name),
    testComplexes: test.map(({ name }) => name),
    snrDefinition: SNR_DEFINITION,
    paperSize: paperSize(),
  };
  options.onProgress?.({ stage: "drawing figures and writing the report", done: 0, total: 1 });
  const report = reproductionReport({
    tables,
    robustness: underConditions,
    examples: examples === undefined ? [] : examplePictures(examples, measurements, test),
    ...facts,
    run: {
      command: options.command ?? "reproduce()",
      seed: settings.seed,
      version: packageVersion(),
      model: tables.columns.find(({ training }) => !training)?.model ?? "none",
      durationSeconds: workSeconds(steps, trained),
    },
  });
  const write = (name: string, content: string) =>
    writeFileAtomic(join(folder, name), content, { signal: options.signal });
  for (const [name, content] of [...reproductionCsv(tables), ...report.figures]) await write(name, content);
  if (underConditions) await write("robustness.csv", robustnessCsv(underConditions));
  const summary = {
    cosnet: packageVersion(),
    ...facts,
    ...tables,
    robustness: underConditions,
  };
  await write("tables.json", `${JSON.stringify(summary, (_, value) => (value === Infinity ? "inf" : value), 1)}\n`);
  await write("report.md", report.markdown);
  await write("report.html", report.html);
  options.onProgress?.({ stage: "drawing figures and writing the report", done: 1, total: 1 });
  return {
    reportPath: join(folder, "report.html"),
    ...facts,
    ...tables,
    robustness: underConditions,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Asked before an hour of training: are there complexes enough for a batch, and for an episode? */
function checkNumbers(
  training: number,
  test: number,
  networks: readonly ReproductionNetwork[],
  { ways }: ReproductionSettings,
): void {
  const perBatch = Math.max(...networks.map((network) => network.training?.classes ?? 0));
  const perEpisode = Math.max(...ways);
  for (const [part, there, needed] of [
    ["train", training, perBatch],
    ["test", test, perEpisode],
  ] as const)
    if (there < needed)
      throw new ConfigError(`${needed} complexes are needed in the subfolder ${part}; there are ${there}`, {
        hint: "The paper has 14 to train on and 8 to test on: add structures.",
      });
}

/** @throws ConfigError when a folder does not have this part. */
async function complexesIn(
  folders: readonly string[],
  part: "train" | "test",
  options: Progress,
): Promise<readonly Complex[]> {
  const complexes: Complex[] = [];
  for (const folder of folders) {
    const path = join(folder, part);
    if (!(await fileExists(path)))
      throw new ConfigError(`there is no subfolder ${part}`, {
        where: folder,
        hint: "Put the structures to train on into train/ and those to test on, of other kinds, into test/.",
      });
    complexes.push(...(await loadComplexes(path, options)));
  }
  return complexes;
}

/** Procedural complexes that no training draws: their stream has a text for a seed. */
function standIns(): readonly Complex[] {
  const random = createRandom("cosnet reproduce test");
  return Array.from({ length: STAND_INS.test }, (_, index) => {
    const complex = proceduralComplex(random.fork(index), { minimumKilodalton: 250 });
    return { ...complex, name: `${index + 1}-${complex.name}` };
  });
}

/** The shipped model under other imaging conditions: all of them, or two in a quick run. */
async function conditionsOf(
  { modelPath, sha256 }: MeasuredNetwork,
  test: readonly Complex[],
  { settings, steps, threads, onProgress, signal }: MeasureOptions,
  { structuresFolder }: ReproduceOptions,
): Promise<RobustnessReport | undefined> {
  if (structuresFolder === undefined) return undefined;
  const { quick, particlesPerClass, seed, episodes } = settings;
  const size = quick ? { conditions: ["off-centre", "tilt-40"], particlesPerClass } : { particlesPerClass: 40 };
  const given = { ...size, ways: [2, 6], shots: [1], snrs: [1000, 0.5], episodes, seed };
  const identity = { ...given, complexes: namesAndMasses(test), sha256 };
  return steps.once("robustness", identity, () =>
    robustness({ ...given, structuresFolder, modelPath, threads, onProgress, signal }),
  );
}

/** Of the model in a file: its size and what a volume costs. */
async function arithmeticOfModel(path: string | undefined): Promise<NetworkArithmetic> {
  const { embedder } = await loadModel(path, { threads: 1 });
  await embedder.release();
  return arithmeticOf(embedder.description.config, 2, 1);
}

/** Of all parts, those of earlier runs included; of a training that was interrupted, all of its pieces. */
function workSeconds({ seconds }: StepFiles, trained: ReadonlyMap<string, TrainedNetwork>): number {
  const training = [...trained.values()].reduce((sum, { hours }) => sum + 3600 * hours, 0);
  const rest = [...seconds].filter(([name]) => !name.startsWith("training-"));
  return rest.reduce((sum, [, taken]) => sum + taken, training);
}

async function measuredNetwork(
  { key, name }: ReproductionNetwork,
  trained: ReadonlyMap<string, TrainedNetwork>,
  { outputFolder, modelPath = DEFAULT_MODEL_PATH }: ReproduceOptions,
): Promise<MeasuredNetwork> {
  const own = trained.get(key);
  if (own) return { key, name, modelPath: join(outputFolder, own.modelPath), sha256: own.sha256 };
  const sha256 = createHash("sha256")
    .update(await readFileBytes(modelPath))
    .digest("hex");
  return { key, name, modelPath, sha256 };
}
