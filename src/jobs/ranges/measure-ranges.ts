import { ConfigError, ModelError } from "../../errors.js";
import { packageVersion, readFileBytes, writeFileAtomic } from "../../files/disk/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import {
  type DetectorDescription,
  decodeDescription,
  decodeDetectorDescription,
  encodeDetectorRangeGraph,
  encodeRangeGraph,
  type ModelDescription,
  widenRanges,
  withQuantisation,
} from "../../model/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";
import { createSession, readModelConstants, readModelMetadata } from "../../runtime/index.js";
import { detectorPatches, renderedBoxes, type Volumes } from "./volumes.js";

export interface MeasureRangesOptions extends Progress {
  /** A classifier of the preset cosnet, or a detector. */
  readonly modelPath: string;
  /** Model file with the ranges; may be the model's own. */
  readonly outputPath: string;
  readonly seed?: number;
  readonly threads?: number | undefined;
}

/** The ranges that were written into a model. */
export interface MeasureRangesResult {
  readonly modelPath: string;
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  readonly measuredOn: string;
  readonly seed: number;
  readonly version: string;
}

/**
 * Measures which values a network takes on simulated volumes, made up as those of its training are, and writes the model with these
 * ranges, by which it can be computed in 8 bits. Weights stay as they are.
 * @throws FileError when the file cannot be read; ModelError when it is no model of cosnet; ConfigError for networks of other presets;
 * AbortError.
 */
export async function measureRanges(options: MeasureRangesOptions): Promise<MeasureRangesResult> {
  const { modelPath, outputPath, seed = DEFAULT_SEED, threads, onProgress, signal } = options;
  const model = await readFileBytes(modelPath);
  const metadata = readModelMetadata(model);
  const description = decodeDescription(metadata) ?? decodeDetectorDescription(metadata);
  if (!description) throw new ModelError("this is no model that cosnet wrote", { where: modelPath });
  const { volumes, graph } = await rangeGraphOf(description, model, { ...options, seed });
  await using session = await createSession(nodeRuntime, graph, { threads });
  let ranges: ReturnType<typeof widenRanges> = new Map();
  const { data, shape, batches } = volumes;
  const length = data.length / batches;
  for (let batch = 0; batch < batches; batch++) {
    onProgress?.({ stage: "measuring ranges", done: batch, total: batches });
    signal?.throwIfAborted();
    const part = data.subarray(batch * length, (batch + 1) * length);
    ranges = widenRanges(ranges, await session.run({ volumes: { data: part, shape } }));
  }
  onProgress?.({ stage: "measuring ranges", done: batches, total: batches });
  const quantisation = { ranges: Object.fromEntries(ranges), measuredOn: `${volumes.words}, seed ${seed}` };
  await writeFileAtomic(outputPath, withQuantisation(model, description, quantisation));
  return { modelPath: outputPath, ...quantisation, seed, version: packageVersion() };
}

async function rangeGraphOf(
  description: ModelDescription | DetectorDescription,
  model: Uint8Array,
  options: MeasureRangesOptions & { readonly seed: number },
): Promise<{ readonly volumes: Volumes; readonly graph: Uint8Array }> {
  const constants = readModelConstants(model);
  if (description.format === "cosnet-detector-1") {
    const volumes = await detectorPatches(options);
    const [, ...shape] = volumes.shape;
    return { volumes, graph: encodeDetectorRangeGraph(description, constants, shape) };
  }
  if (description.config.preset !== "cosnet")
    throw new ConfigError(`networks of the preset ${description.config.preset} are not computed in 8 bits`, {
      hint: "Give a model of the preset cosnet, or a detector.",
    });
  const volumes = renderedBoxes(description.edge, options.seed);
  return { volumes, graph: encodeRangeGraph(description, constants, volumes.shape[0]) };
}
