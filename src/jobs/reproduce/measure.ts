import { formatSnr, type Interval, runEpisodes, SNR_DEFINITION, supportSpread } from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import type { StepFiles } from "../../files/resume/index.js";
import { type CrfParameters, fittedCrf, refineMask, similarityMatrix } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type Complex, defaultImaging } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "../benchmark/index.js";
import type { ReproductionSettings } from "./plan.js";
import { namesAndMasses } from "./training.js";

/** One network at one noise level, on the particles and episodes that every network gets. */
export interface NetworkMeasurement {
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

/** How often examples are drawn anew to see how much hangs on them. */
const SUPPORT_DRAWS = 20;

/** Where pictures are drawn: the noise level of the paper's figures. */
export const PICTURE_SNR = 1000;

/** The first particle of each class with its true mask, base64 of float32 and of bytes. */
export interface ExampleParticles {
  readonly volumes: string;
  readonly masks: string;
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
}

export interface MeasureOptions extends Progress {
  readonly settings: ReproductionSettings;
  readonly steps: StepFiles;
  readonly complexes: readonly Complex[];
  readonly threads: number | undefined;
}

export interface MeasuredNetwork {
  readonly key: string;
  readonly name: string;
  /** Undefined for the shipped model. */
  readonly modelPath: string | undefined;
  readonly sha256: string;
}

/** Particles of the test complexes, rendered when first asked for and kept for one noise level at a time. */
export interface ParticleSource {
  at(snr: number): Promise<LabelledParticles>;
}

export function particleSource({ settings, complexes, onProgress, signal }: MeasureOptions): ParticleSource {
  let kept: { readonly snr: number; readonly particles: LabelledParticles } | undefined;
  return {
    async at(snr) {
      if (kept?.snr === snr) return kept.particles;
      kept = undefined;
      const particles = await renderLabelledParticles(complexes, {
        perClass: settings.particlesPerClass,
        snr,
        random: createRandom(`cosnet reproduce ${settings.seed}`),
        neighbours: complexes,
        stage: `imaging test particles at SNR ${formatSnr(snr)}`,
        onProgress,
        signal,
      });
      kept = { snr, particles };
      return particles;
    },
  };
}

/** Measures a network at one noise level, or takes over what an earlier run measured. @throws as loading a model does. */
export function measureNetwork(
  network: MeasuredNetwork,
  snr: number,
  source: ParticleSource,
  options: MeasureOptions,
): Promise<NetworkMeasurement> {
  const { settings, steps, complexes, threads, onProgress, signal } = options;
  const identity = {
    ...particleIdentity(options),
    snr: formatSnr(snr),
    ways: settings.ways,
    episodes: settings.episodes,
    supportDraws: SUPPORT_DRAWS,
    sha256: network.sha256,
    refinement: fittedCrf,
  };
  return steps.once(`measurement-${network.key}-snr-${formatSnr(snr)}`, identity, async () => {
    const particles = await source.at(snr);
    const { labels, volumes } = particles;
    const { embedder, label: model } = await loadModel(network.modelPath, { threads });
    try {
      const stage = `${network.name}: embedding and segmenting at SNR ${formatSnr(snr)}`;
      const embedded = await embedder.embed(volumes, {
        signal,
        onProgress: (done) => onProgress?.({ stage, done, total: labels.length }),
      });
      const similarity = similarityMatrix(embedded, embedded, embedder.description);
      const cells = settings.ways.map((way) => {
        const random = createRandom(`cosnet reproduce episodes ${settings.seed} ${way}`);
        const { accuracy, ci95, outcomes } = runEpisodes({
          similarity,
          labels,
          way,
          shot: 1,
          episodes: settings.episodes,
          random,
        });
        const supports = createRandom(`cosnet reproduce supports ${settings.seed} ${way}`);
        const { mean, minimum, maximum } = supportSpread({
          similarity,
          labels,
          way,
          shot: 1,
          draws: SUPPORT_DRAWS,
          random: supports,
        });
        return { way, accuracy, ci95, outcomes: outcomes.join(""), spread: { mean, minimum, maximum } };
      });
      if (!embedded.masks) return { model, cells, dice: null, examples: null };
      const refined = await refineAll(particles, embedded.masks, {
        stage: `${network.name}: refining masks at SNR ${formatSnr(snr)}`,
        voxelSizeAngstrom: embedder.description.voxelSizeAngstrom,
        parameters: fittedCrf,
        onProgress,
        signal,
      });
      const round = (values: Float64Array) => Array.from(values, (value) => Number(value.toFixed(4)));
      return {
        model,
        cells,
        dice: { before: round(maskDices(particles, embedded.masks)), after: round(maskDices(particles, refined)) },
        examples: snr === PICTURE_SNR ? base64(firstOfEachClass(particles, complexes.length, toBytes(refined))) : null,
      };
    } finally {
      await embedder.release();
    }
  });
}

/** The particles that the pictures show: the first of each class, whatever it looks like. */
export function exampleParticles(source: ParticleSource, options: MeasureOptions): Promise<ExampleParticles> {
  return options.steps.once("examples", particleIdentity(options), async () => {
    const particles = await source.at(PICTURE_SNR);
    const { length } = options.complexes;
    return {
      volumes: base64(firstOfEachClass(particles, length, particles.volumes)),
      masks: base64(firstOfEachClass(particles, length, particles.masks)),
      edge: particles.edge,
      voxelSizeAngstrom: defaultImaging.voxelSizeAngstrom,
    };
  });
}

function particleIdentity({ settings, complexes }: MeasureOptions): object {
  return {
    complexes: namesAndMasses(complexes),
    particlesPerClass: settings.particlesPerClass,
    seed: settings.seed,
    snrDefinition: SNR_DEFINITION,
  };
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

/** The boxes of the first particle of each class, one after the other. */
function firstOfEachClass<T extends Float32Array | Uint8Array>(
  { labels, edge }: LabelledParticles,
  classes: number,
  boxes: T,
): T {
  const voxels = edge ** 3;
  const out = boxes.slice(0, classes * voxels) as T;
  for (let label = 0; label < classes; label++) {
    const first = labels.indexOf(label);
    out.set(boxes.subarray(first * voxels, (first + 1) * voxels), label * voxels);
  }
  return out;
}

function toBytes(probabilities: Float32Array): Uint8Array {
  return Uint8Array.from(probabilities, (value) => Math.round(255 * value));
}

function base64({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
