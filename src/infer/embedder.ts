import { ModelError, ShapeError } from "../errors.js";
import {
  decodeDescription,
  decodeDetectorDescription,
  encodeFittedModel,
  type ModelDescription,
  rangesOf,
} from "../model/index.js";
import {
  createSharedSession,
  type OnnxRuntime,
  readModelConstants,
  readModelMetadata,
  type SessionOptions,
} from "../runtime/index.js";
import { boxSpectra, SPECTRUM_LENGTH, type Spectra } from "./orientation/spectrum.js";
import { type Precision, precisionOf } from "./precision.js";
import { joinRows, takeRows } from "./rows.js";

/** What the network says of a set of subtomograms. */
export interface Embedded {
  /** `[count, size]`, row by row. */
  readonly embeddings: Float32Array;
  readonly size: number;
  /** Probability that a voxel is of the particle, `[count, edge, edge, edge]`; absent when the model has no decoder. */
  readonly masks?: Float32Array;
  /** The low frequencies of each, to compare orientations; there when asked for. */
  readonly spectra?: Spectra;
}

/** Some of the embeddings, in the order of `rows`. */
export function rowsOf({ embeddings, size, spectra }: Embedded, rows: readonly number[]): Embedded {
  return {
    embeddings: takeRows(embeddings, rows, size),
    size,
    ...(spectra && { spectra: takeRows(spectra, rows, SPECTRUM_LENGTH) }),
  };
}

/** Sets of one model one after the other; with masks and spectra where all have them. */
export function joinEmbedded(all: readonly [Embedded, ...Embedded[]]): Embedded {
  const masks = all.flatMap((one) => one.masks ?? []);
  const spectra = all.flatMap((one) => one.spectra ?? []);
  return {
    embeddings: joinRows(all.map(({ embeddings }) => embeddings)),
    size: all[0].size,
    ...(masks.length === all.length && { masks: joinRows(masks) }),
    ...(spectra.length === all.length && { spectra: joinRows(spectra) }),
  };
}

/** What `Embedder.embed` is to give; its progress and abort. */
export interface EmbedOptions {
  /** Give the low frequencies of each box around its mask, too: 7 kB and about 2 ms a box. */
  readonly spectra?: boolean | undefined;
  /** Called after each batch with the number of subtomograms done. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A model in memory: turns subtomograms into embeddings and masks. `await using` it, or `release` it. */
export interface Embedder extends AsyncDisposable {
  readonly description: ModelDescription;
  /** What the network computes in. */
  readonly precision: Precision;
  /**
   * @param volumes `[count, edge, edge, edge]`, each zero mean and unit variance, protein positive.
   * @throws ShapeError when the length is not a multiple of a volume's; AbortError from `signal`.
   */
  embed(volumes: Float32Array, options?: EmbedOptions): Promise<Embedded>;
  /** Frees the model. */
  release(): Promise<void>;
}

/** Subtomograms that go through the network together; small enough to stay in cache. */
const BATCH = 16;
/** Boxes that are worth having in memory together: some batches of the network, for its threads to share. */
export const BOXES_TOGETHER = 64;
/**
 * From this many on, what comes out for one does not depend on how many there are: ONNX Runtime multiplies fewer rows by other kernels,
 * which round otherwise (1.30, AVX-512).
 */
export const LEAST_BATCH = 4;

/**
 * Loads a model file written by cosnet.
 * @throws ModelError when the file is not an ONNX model or lacks cosnet's description.
 */
export async function createEmbedder(
  runtime: OnnxRuntime,
  model: Uint8Array,
  { precision: wanted, ...options }: SessionOptions & { readonly precision?: Precision | undefined } = {},
): Promise<Embedder> {
  const metadata = readModelMetadata(model);
  const description = decodeDescription(metadata);
  if (description === undefined)
    throw new ModelError(
      decodeDetectorDescription(metadata)
        ? "this model is a detector: it finds particles and does not tell them apart"
        : "this ONNX model was not written by cosnet: it lacks the `cosnet` description",
      { hint: "Train one with `cosnet train`, or leave --model out to use the model that ships with cosnet." },
    );
  const precision = precisionOf(runtime, description, { precision: wanted, device: options.device });
  const { edge, quantisation } = description;
  const quantised = precision === "int8" && quantisation ? rangesOf(quantisation) : undefined;
  const graph = quantised ? encodeFittedModel(description, readModelConstants(model), { quantised }) : model;
  const session = await createSharedSession(runtime, graph, options);
  const voxels = edge ** 3;
  return {
    description,
    precision,
    release: () => session.release(),
    [Symbol.asyncDispose]: () => session.release(),
    async embed(volumes, { spectra: wanted, onProgress, signal } = {}) {
      if (volumes.length % voxels !== 0)
        throw new ShapeError(`subtomograms must be ${edge}^3 voxels each: ${volumes.length} values are not a multiple`);
      const count = volumes.length / voxels;
      const masks = session.outputNames.includes("mask") ? new Float32Array(volumes.length) : undefined;
      const size = description.embeddingSize;
      const embeddings = new Float32Array(count * size);
      const spectra = wanted ? new Float32Array(count * SPECTRUM_LENGTH) : undefined;
      const batches = batchesOf(count);
      let done = 0;
      await session.runAll({
        count: batches.length,
        inputs(batch) {
          const [start, end] = batches[batch];
          const data = volumes.subarray(start * voxels, end * voxels);
          return { volumes: { data, shape: [end - start, edge, edge, edge] } };
        },
        take(batch, { embedding, mask }) {
          const [start, end] = batches[batch];
          const own = (boxes: Float32Array) => boxes.subarray(start * voxels, end * voxels);
          embeddings.set(embedding.data, start * size);
          masks?.set(probabilities(mask.data), start * voxels);
          spectra?.set(boxSpectra(own(volumes), edge, masks && own(masks)), start * SPECTRUM_LENGTH);
          done += end - start;
          onProgress?.(done);
        },
        signal,
      });
      return { embeddings, size, ...(masks && { masks }), ...(spectra && { spectra }) };
    },
  };
}

/** First boxes of the batches, and ends; none is smaller than `LEAST_BATCH`, but where there are no more boxes. */
function batchesOf(count: number): (readonly [start: number, end: number])[] {
  const batches: (readonly [number, number])[] = [];
  for (let start = 0, end = 0; start < count; start = end) {
    end = count - start <= BATCH ? count : Math.min(start + BATCH, count - LEAST_BATCH);
    batches.push([start, end]);
  }
  return batches;
}

/** In place: ONNX Runtime's Sigmoid gives up to 1 + 2^-23 (1.30, AVX-512). */
function probabilities(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) if (values[i] > 1) values[i] = 1;
  return values;
}
