import { exampleSpread, formatSnr, type Interval, runEpisodes } from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import { fittedCrf, refineMask, similarityMatrix } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { createRandom } from "../../volume/index.js";
import { type LabelledParticles, maskDices } from "../benchmark/index.js";
import { type ExampleParticles, exampleMasks, exampleParticles, PICTURE_SNR } from "./examples.js";
import { particleIdentity, particleSource } from "./particles.js";
import type { Experiment, ReproductionSettings } from "./plan.js";

/** Accuracy of one network at one noise level with this many classes. */
export interface MeasuredAccuracy {
  readonly way: number;
  readonly accuracy: number;
  readonly ci95: Interval;
  /** Accuracy with the same examples for all particles, over draws of them. */
  readonly spread: { readonly mean: number; readonly minimum: number; readonly maximum: number };
}

/** One network at one noise level, on the particles and episodes that every network gets. */
interface NetworkMeasurement {
  readonly model: string;
  readonly cells: readonly (MeasuredAccuracy & {
    /** "1" for each episode answered correctly, "0" for the others: what paired tests need. */
    readonly outcomes: string;
  })[];
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

/** Draws of the examples that show how much depends on them. */
const EXAMPLE_DRAWS = 20;

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
  const particles = particleIdentity(experiment);
  const { ways, episodes, snrs } = experiment.settings;
  const measured: MeasuredNetwork[] = [];
  let examples: ExampleParticles | undefined;
  for (const snr of snrs) {
    // While the particles of this SNR are in memory: the next replaces them.
    if (snr === PICTURE_SNR) examples = await exampleParticles(source, experiment);
    for (const model of models) {
      const asked = { snr: formatSnr(snr), ways, episodes, exampleDraws: EXAMPLE_DRAWS };
      const identity = { ...particles, ...asked, sha256: model.sha256, refinement: fittedCrf };
      const name = `measurement-${model.key}-snr-${formatSnr(snr)}`;
      const measurement = await experiment.steps.once(name, identity, async () =>
        measureNetwork(model, snr, await source(snr), experiment),
      );
      measured.push({ network: model.key, snr, ...measurement });
    }
  }
  return { measured, examples };
}

async function measureNetwork(
  { name, modelPath }: ModelFile,
  snr: number,
  particles: LabelledParticles,
  { settings, test, threads, onProgress, signal }: Experiment,
): Promise<NetworkMeasurement> {
  const { labels, volumes } = particles;
  const loaded = await loadModel(modelPath, { threads, precision: "float32" });
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
  const draws = exampleSpread({ ...given, draws: EXAMPLE_DRAWS, random: random("supports") });
  const { mean, minimum, maximum } = draws;
  return { way, accuracy, ci95, outcomes: outcomes.join(""), spread: { mean, minimum, maximum } };
}

async function refineAll(
  { volumes, labels, edge }: LabelledParticles,
  masks: Float32Array,
  options: { stage: string; voxelSizeAngstrom: number } & Progress,
): Promise<Float32Array> {
  const voxels = edge ** 3;
  const refined = new Float32Array(masks.length);
  for (let index = 0; index < labels.length; index++) {
    const [from, to] = [index * voxels, (index + 1) * voxels];
    const { probability } = refineMask(masks.subarray(from, to), volumes.subarray(from, to), {
      shape: [edge, edge, edge],
      voxelSizeAngstrom: options.voxelSizeAngstrom,
      parameters: fittedCrf,
    });
    refined.set(probability, from);
    options.onProgress?.({ stage: options.stage, done: index + 1, total: labels.length });
    await breathe(options.signal);
  }
  return refined;
}
