import { exampleSpread, formatSnr, type Interval, runEpisodes } from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import { type CrfParameters, fittedCrf, refineMask, similarityMatrix } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { createRandom } from "../../volume/index.js";
import { type LabelledParticles, maskDices } from "../benchmark/index.js";
import { type ExampleParticles, exampleMasks, exampleParticles, PICTURE_SNR } from "./examples.js";
import { particleIdentity, particleSource } from "./particles.js";
import type { Experiment, ReproductionSettings } from "./plan.js";

/** One network at one noise level, on the particles and episodes that every network gets. */
interface NetworkMeasurement {
  readonly model: string;
  readonly cells: readonly {
    readonly way: number;
    readonly accuracy: number;
    readonly ci95: Interval;
    /** "1" for each episode answered rightly, "0" for the others: what paired tests need. */
    readonly outcomes: string;
    /** Accuracy over draws of examples that are the same for all particles. */
    readonly spread: { readonly mean: number; readonly minimum: number; readonly maximum: number };
  }[];
  /** Dice of each particle's mask, class by class; null without a decoder. */
  readonly dice: { readonly before: readonly number[]; readonly after: readonly number[] } | null;
  /** Base64 of the masks of the first particle of each class, refined, probabilities as 0 to 255; where pictures are drawn. */
  readonly examples: string | null;
}

export interface MeasuredNetwork extends NetworkMeasurement {
  /** The network's key. */
  readonly network: string;
  readonly snr: number;
}

/** How often examples are drawn anew to see how much hangs on them. */
const SUPPORT_DRAWS = 20;

/** A column's network in its file. */
export interface ModelFile {
  readonly key: string;
  readonly name: string;
  readonly modelPath: string;
  readonly sha256: string;
}

/**
 * Measures every network at every noise level, or takes over what an earlier run measured; and keeps the particles that are shown.
 * @throws as loading a model does.
 */
export async function measureNetworks(
  models: readonly ModelFile[],
  experiment: Experiment,
): Promise<{ readonly measured: readonly MeasuredNetwork[]; readonly examples: ExampleParticles | undefined }> {
  const source = particleSource(experiment);
  const measured: MeasuredNetwork[] = [];
  let examples: ExampleParticles | undefined;
  for (const snr of experiment.settings.snrs) {
    // While the particles of this noise level are at hand: they are rendered anew at the next.
    if (snr === PICTURE_SNR) examples = await exampleParticles(source, experiment);
    for (const model of models) {
      const identity = { ...measurementIdentity(experiment, snr), sha256: model.sha256, refinement: fittedCrf };
      const name = `measurement-${model.key}-snr-${formatSnr(snr)}`;
      const measurement = await experiment.steps.once(name, identity, async () =>
        measureNetwork(model, snr, await source.at(snr), experiment),
      );
      measured.push({ network: model.key, snr, ...measurement });
    }
  }
  return { measured, examples };
}

function measurementIdentity(experiment: Experiment, snr: number): object {
  const { ways, episodes } = experiment.settings;
  return { ...particleIdentity(experiment), snr: formatSnr(snr), ways, episodes, exampleDraws: SUPPORT_DRAWS };
}

async function measureNetwork(
  { name, modelPath }: ModelFile,
  snr: number,
  particles: LabelledParticles,
  { settings, test, threads, onProgress, signal }: Experiment,
): Promise<NetworkMeasurement> {
  const { labels, volumes } = particles;
  const loaded = await loadModel(modelPath, { threads });
  await using embedder = loaded.embedder;
  const stage = `${name}: embedding and segmenting at SNR ${formatSnr(snr)}`;
  const embedded = await embedder.embed(volumes, {
    signal,
    onProgress: (done) => onProgress?.({ stage, done, total: labels.length }),
  });
  const similarity = similarityMatrix(embedded, embedded, embedder.description);
  const cells = settings.ways.map((way) => measureWay(similarity, labels, way, settings));
  if (!embedded.masks) return { model: loaded.label, cells, dice: null, examples: null };
  const refined = await refineAll(particles, embedded.masks, {
    stage: `${name}: refining masks at SNR ${formatSnr(snr)}`,
    voxelSizeAngstrom: embedder.description.voxelSizeAngstrom,
    parameters: fittedCrf,
    onProgress,
    signal,
  });
  const dices = (masks: Float32Array) => Array.from(maskDices(particles, masks), (value) => Number(value.toFixed(4)));
  return {
    model: loaded.label,
    cells,
    dice: { before: dices(embedded.masks), after: dices(refined) },
    examples: snr === PICTURE_SNR ? exampleMasks(particles, test.length, refined) : null,
  };
}

function measureWay(
  similarity: Float32Array,
  labels: Int32Array,
  way: number,
  { seed, episodes }: ReproductionSettings,
): NetworkMeasurement["cells"][number] {
  const given = { similarity, labels, way, shot: 1 };
  const random = (draws: string) => createRandom(`cosnet reproduce ${draws} ${seed} ${way}`);
  const { accuracy, ci95, outcomes } = runEpisodes({ ...given, episodes, random: random("episodes") });
  const draws = exampleSpread({ ...given, draws: SUPPORT_DRAWS, random: random("supports") });
  const { mean, minimum, maximum } = draws;
  return { way, accuracy, ci95, outcomes: outcomes.join(""), spread: { mean, minimum, maximum } };
}

async function refineAll(
  { volumes, labels, edge }: LabelledParticles,
  masks: Float32Array,
  options: { stage: string; voxelSizeAngstrom: number; parameters: CrfParameters } & Progress,
): Promise<Float32Array> {
  const voxels = edge ** 3;
  const refined = new Float32Array(masks.length);
  for (let index = 0; index < labels.length; index++) {
    const [from, to] = [index * voxels, (index + 1) * voxels];
    const { probability } = refineMask(masks.subarray(from, to), volumes.subarray(from, to), {
      shape: [edge, edge, edge],
      voxelSizeAngstrom: options.voxelSizeAngstrom,
      parameters: options.parameters,
    });
    refined.set(probability, from);
    options.onProgress?.({ stage: options.stage, done: index + 1, total: labels.length });
    await breathe(options.signal);
  }
  return refined;
}
