import { ModelError } from "../../errors.js";
import { type DetectorDescription, decodeDetectorDescription } from "../../model/index.js";
import { createSession, type OnnxRuntime, readModelMetadata, type SessionOptions } from "../../runtime/index.js";
import type { TileAnswer } from "./peaks.js";
import type { TileGeometry } from "./tile-plan.js";

/** Finds the centres of particles in a cube of voxels. */
export interface TileDetector extends TileGeometry, AsyncDisposable {
  /** Voxels along the edge of one cell of the answer. */
  readonly cellVoxels: number;
  readonly voxelSizeAngstrom: number;
  /** Channels of `TileAnswer.features`, and voxels along the edge of their cells; undefined where a detector tells none. */
  readonly featureChannels?: number | undefined;
  readonly featureCellVoxels?: number | undefined;
  /** @param volume `[edge, edge, edge]`, standardised over the tomogram, protein positive, 0 beyond it. */
  /** Where particles have their centres in a tile `[edge, edge, edge]`, and how large they are. */
  detect(volume: Float32Array): Promise<TileAnswer>;
  /** Frees the model. */
  release(): Promise<void>;
}

/** The network's coarsest cells are of 8 voxels: tiles a multiple of it apart see every voxel in the same phase. */
const NETWORK_STRIDE_VOXELS = 8;

/**
 * Loads a detector that `cosnet train detector` wrote.
 * @throws ModelError when the file is not an ONNX model or lacks the detector's description.
 */
export async function createNetworkDetector(
  runtime: OnnxRuntime,
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<TileDetector & { readonly description: DetectorDescription }> {
  const description = decodeDetectorDescription(readModelMetadata(model));
  if (description === undefined)
    throw new ModelError("this ONNX model is not a cosnet detector: it lacks the `cosnet-detector-1` description", {
      hint: "Train one with `cosnet train detector`, or leave --detector out to use the one that ships with cosnet.",
    });
  const session = await createSession(runtime, model, options);
  const { edge, haloVoxels, cellVoxels, voxelSizeAngstrom, featureChannels, featureCellVoxels } = description;
  return {
    description,
    edge,
    haloVoxels,
    cellVoxels,
    voxelSizeAngstrom,
    featureChannels,
    featureCellVoxels,
    strideVoxels: NETWORK_STRIDE_VOXELS,
    async detect(volume) {
      const { centre, radius, features } = await session.run({
        volumes: { data: volume, shape: [1, edge, edge, edge] },
      });
      return { centre: centre.data, radiusVoxels: radius.data, features: features?.data };
    },
    release: () => session.release(),
    [Symbol.asyncDispose]: () => session.release(),
  };
}
