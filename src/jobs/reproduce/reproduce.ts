import { join } from "node:path";
import { SNR_DEFINITION } from "../../evaluate/index.js";
import {
  ensureWritableFolder,
  openSteps,
  packageVersion,
  type StepFiles,
  writeFileAtomic,
} from "../../files/disk/index.js";
import { DEFAULT_MODEL_PATH, loadModel } from "../../files/model/index.js";
import { type RobustnessReport, robustness, robustnessCsv } from "../robustness/index.js";
import { arithmeticOf, type NetworkArithmetic } from "./arithmetic.js";
import { checkNumbers, complexesIn, namesAndMasses, standIns } from "./complexes.js";
import { reproductionCsv } from "./csv.js";
import { examplePictures } from "./examples.js";
import { type ModelFile, measureNetworks } from "./measure.js";
import { reproductionReport } from "./page/page.js";
import { type PaperSize, paperSize } from "./paper.js";
import {
  type Experiment,
  type ReproduceOptions,
  type ReproductionSettings,
  reproductionNetworks,
  reproductionSettings,
} from "./plan.js";
import { type ReproductionTables, reproductionTables } from "./tables.js";
import { sha256Of, type TrainedNetwork, trainNetworks } from "./train.js";

/** The paper's tables, with ours. */
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
  const experiment = await planExperiment(options);
  const { settings, steps, test, outputFolder: folder, onProgress, signal } = experiment;
  const trained = await trainNetworks(experiment);
  const models = await modelFiles(experiment, trained, options.modelPath ?? DEFAULT_MODEL_PATH);
  const { measured, examples } = await measureNetworks(models, experiment);
  const shipped = models.find(({ key }) => !trained.has(key)) as ModelFile; // the last column of every plan
  const underConditions = await conditionsOf(shipped, experiment);
  const tables = reproductionTables(experiment, trained, await arithmeticOfModel(shipped.modelPath), measured);
  const facts = {
    settings,
    trainingComplexes: experiment.training.map(({ name }) => name),
    testComplexes: test.map(({ name }) => name),
    snrDefinition: SNR_DEFINITION,
    paperSize: paperSize(),
  };
  onProgress?.({ stage: "drawing figures and writing the report", done: 0, total: 1 });
  const report = reproductionReport({
    tables,
    robustness: underConditions,
    examples: examples === undefined ? [] : examplePictures(examples, measured, test),
    ...facts,
    run: {
      command: options.command ?? "reproduce()",
      seed: settings.seed,
      version: packageVersion(),
      model: tables.columns.find(({ training }) => !training)?.model ?? "none",
      durationSeconds: workSeconds(steps, trained),
    },
  });
  const summary = { cosnet: packageVersion(), ...facts, ...tables, robustness: underConditions };
  const files = [
    ...reproductionCsv(tables),
    ...report.figures,
    ...(underConditions ? [["robustness.csv", robustnessCsv(underConditions)] as const] : []),
    ["tables.json", `${JSON.stringify(summary, (_, value) => (value === Infinity ? "inf" : value), 1)}\n`] as const,
    ["report.md", report.markdown] as const,
    ["report.html", report.html] as const,
  ];
  for (const [name, content] of files) await writeFileAtomic(join(folder, name), content, { signal });
  onProgress?.({ stage: "drawing figures and writing the report", done: 1, total: 1 });
  return {
    reportPath: join(folder, "report.html"),
    ...facts,
    ...tables,
    robustness: underConditions,
    seconds: (performance.now() - start) / 1000,
  };
}

/** @throws ConfigError for impossible sizes and too few complexes, as reading structures does, FileError. */
async function planExperiment(options: ReproduceOptions): Promise<Experiment> {
  const settings = reproductionSettings(options);
  const { outputFolder, structureFolders, threads, onProgress, signal } = options;
  await ensureWritableFolder(outputFolder);
  const steps = await openSteps(join(outputFolder, "steps"));
  const networks = reproductionNetworks(settings);
  const given = { settings, networks, steps, outputFolder, structureFolders, threads, onProgress, signal };
  if (structureFolders === undefined) return { ...given, training: [], test: standIns() };
  const training = await complexesIn(structureFolders, "train", options);
  const test = await complexesIn(structureFolders, "test", options);
  const experiment = { ...given, training, test };
  checkNumbers(experiment);
  return experiment;
}

/** The file of every column's network. */
async function modelFiles(
  { networks, outputFolder }: Experiment,
  trained: ReadonlyMap<string, TrainedNetwork>,
  shippedPath: string,
): Promise<ModelFile[]> {
  const shippedSha256 = await sha256Of(shippedPath);
  return networks.map(({ key, name }) => {
    const own = trained.get(key);
    if (!own) return { key, name, modelPath: shippedPath, sha256: shippedSha256 };
    return { key, name, modelPath: join(outputFolder, own.modelPath), sha256: own.sha256 };
  });
}

/** The shipped model under other imaging conditions: all of them, or two in a quick run. */
async function conditionsOf(
  { modelPath, sha256 }: ModelFile,
  { settings, test, steps, structureFolders, threads, onProgress, signal }: Experiment,
): Promise<RobustnessReport | undefined> {
  if (structureFolders === undefined) return undefined;
  const { quick, particlesPerClass, seed, episodes } = settings;
  const size = quick ? { conditions: ["off-centre", "tilt-40"], particlesPerClass } : { particlesPerClass: 40 };
  const given = { ...size, ways: [2, 6], shots: [1], snrs: [1000, 0.5], episodes, seed };
  const identity = { ...given, complexes: namesAndMasses(test), sha256 };
  return steps.once("robustness", identity, () =>
    robustness({ ...given, structureFolders, modelPath, threads, onProgress, signal }),
  );
}

/** Of the model in a file: its size and what a volume costs. */
async function arithmeticOfModel(path: string): Promise<NetworkArithmetic> {
  await using embedder = (await loadModel(path, { threads: 1 })).embedder;
  return arithmeticOf(embedder.description.config, 2, 1);
}

/** Of all parts, those of earlier runs included; of a training that was interrupted, all of its pieces. */
function workSeconds({ seconds }: StepFiles, trained: ReadonlyMap<string, TrainedNetwork>): number {
  const training = [...trained.values()].reduce((sum, { hours }) => sum + 3600 * hours, 0);
  const rest = [...seconds].filter(([name]) => !name.startsWith("training-"));
  return rest.reduce((sum, [, taken]) => sum + taken, training);
}
