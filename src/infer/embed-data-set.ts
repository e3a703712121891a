/** Boxes shown to the network as every job shows them. */
import { type Adaptation, adaptedEmbedder, measureAdaptation, noAdaptation } from "./adapted.js";
import type { Embedded, Embedder, EmbedOptions } from "./embedder.js";
import { embedHalfTurns } from "./pick/test-time-averaging.js";

export interface DataSetOptions extends EmbedOptions {
  /** Rotate boxes to the tilt geometry the network knows and damp excess noise, as measured on all of them. Default true. */
  readonly adapt?: boolean;
  /** Average over the four 180° rotations that keep the missing wedge: four times the cost. Default false. */
  readonly testTimeAveraging?: boolean;
}

export interface EmbeddedDataSet {
  readonly embedded: Embedded;
  readonly adaptation: Adaptation;
  /** The embedder that applies the adaptation, for more boxes of the same kind. */
  readonly adapted: Embedder;
}

/**
 * Embeds boxes of one tomogram or data set, adapted as a whole.
 * @param volumes `[count, edge, edge, edge]`, each zero mean and unit variance, protein positive.
 * @throws as `Embedder.embed`.
 */
export async function embedDataSet(
  embedder: Embedder,
  volumes: Float32Array,
  { adapt = true, ...options }: DataSetOptions = {},
): Promise<EmbeddedDataSet> {
  const adaptation = adapt ? measureAdaptation(volumes, embedder.description.edge) : noAdaptation;
  const adapted = adaptedEmbedder(embedder, adaptation);
  return { embedded: await embedBoxes(adapted, volumes, options), adaptation, adapted };
}

/** Embeds boxes as they are or, if asked for, averaged over the four 180° rotations. @throws as `Embedder.embed`. */
export async function embedBoxes(
  embedder: Embedder,
  volumes: Float32Array,
  { testTimeAveraging = false, ...options }: Omit<DataSetOptions, "adapt"> = {},
): Promise<Embedded> {
  return testTimeAveraging ? embedHalfTurns(embedder, volumes, options) : embedder.embed(volumes, options);
}
