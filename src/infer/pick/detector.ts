import { ModelError } from "../../errors.js";
import {
  type DetectorDescription,
  decodeDetectorDescription,
  encodeTileDetector,
  rangesOf,
} from "../../model/index.js";
import {
  createSession,
  type OnnxRuntime,
  probeBlockedConvolution,
  readModelConstants,
  readModelMetadata,
  type Session,
  type SessionOptions,
} from "../../runtime/index.js";
import type { Shape3 } from "../../volume/index.js";
import { type Precision, precisionOf } from "../precision.js";
import type { TileAnswer } from "./peaks.js";
import type { TileGeometry } from "./tile-plan.js";

/** Finds the centres of particles in a block of voxels. */
export interface TileDetector extends TileGeometry, AsyncDisposable {
  /** Voxels along the edge of one cell of the answer. */
  readonly cellVoxels: number;
  readonly voxelSizeAngstrom: number;
  /** Channels of `TileAnswer.features`, and voxels along the edge of their cells; undefined where a detector tells none. */
  readonly featureChannels?: number | undefined;
  readonly featureCellVoxels?: number | undefined;
  /**
   * Where particles have their centres in a tile, and how large they are.
   * @param volume `[z, y, x]`, standardised over the tomogram, protein positive, 0 beyond it.
   * @param shape its lengths; the cube of `edge` unless given, and always where there is no `mostVoxels`.
   * @throws ModelError.
   */
  detect(volume: Float32Array, shape?: Shape3): Promise<TileAnswer>;
  /** What it computes in; undefined where that is no question. */
  readonly precision?: Precision | undefined;
  /** Frees what is held for tiles of one shape; the next tile may need it again. */
  rest?(): Promise<void>;
  /** Frees the model. */
  release(): Promise<void>;
}

/** The network's coarsest cells are of 8 voxels: tiles a multiple of it apart see every voxel in the same phase. */
const NETWORK_STRIDE_VOXELS = 8;
/** A tile takes 90 bytes a voxel while it goes through the network in the blocked layout, 150 in the plain one. */
const MOST_TILE_VOXELS = 4_500_000;
/**
 * Beyond the tomogram's faces there is nothing to see but zeros: 8 voxels of them change the scores of particles by 0.002 on average
 * from what all zeros give, as much as what lies beyond a halo of 24 voxels does inside; none at all by 0.017.
 */
const FACE_HALO_VOXELS = 8;

/**
 * Loads a detector that `cosnet train detector` wrote.
 * @throws ModelError when the file is not an ONNX model or lacks the detector's description, or where 8 bits are asked for in vain.
 */
export async function createNetworkDetector(
  runtime: OnnxRuntime,
  model: Uint8Array,
  { precision: wanted, ...options }: SessionOptions & { readonly precision?: Precision | undefined } = {},
): Promise<TileDetector & { readonly description: DetectorDescription }> {
  const description = decodeDetectorDescription(readModelMetadata(model));
  if (description === undefined)
    throw new ModelError("this ONNX model is not a cosnet detector: it lacks the `cosnet-detector-1` description", {
      hint: "Train one with `cosnet train detector`, or leave --detector out to use the one that ships with cosnet.",
    });
  const { edge, haloVoxels, cellVoxels, voxelSizeAngstrom, featureChannels, featureCellVoxels } = description;
  const cube = [edge, edge, edge] as const;
  const precision = precisionOf(runtime, description, { precision: wanted, device: options.device });
  const quantised = precision === "int8" && description.quantisation ? rangesOf(description.quantisation) : undefined;
  const isOnCpu = (options.device ?? "cpu") === "cpu";
  const isBlocked = runtime.isNative && isOnCpu && !quantised;
  const blockedChannels = isBlocked ? await probeBlockedConvolution(runtime) : undefined;
  const ofFile = quantised ? undefined : await createSession(runtime, model, options);
  /** For tiles of one other shape: its memory is that of the largest tile that went through it. */
  let fitted: { readonly shape: Shape3; readonly session: Session } | undefined;
  const rest = async () => {
    const { session } = fitted ?? {};
    fitted = undefined;
    await session?.release();
  };
  const sessionFor = async (shape: Shape3): Promise<Session> => {
    if (ofFile && isSame(shape, cube)) return ofFile;
    if (fitted && isSame(shape, fitted.shape)) return fitted.session;
    await rest();
    const graph = encodeTileDetector(description, readModelConstants(model), shape, { blockedChannels, quantised });
    fitted = { shape, session: await createSession(runtime, graph, { ...options, memoryPattern: false }) };
    return fitted.session;
  };
  const release = async () => {
    await rest();
    await ofFile?.release();
  };
  return {
    ...{ description, edge, haloVoxels, cellVoxels, voxelSizeAngstrom, featureChannels, featureCellVoxels },
    precision,
    strideVoxels: NETWORK_STRIDE_VOXELS,
    ...(haloVoxels % NETWORK_STRIDE_VOXELS === 0 && {
      mostVoxels: MOST_TILE_VOXELS,
      faceHaloVoxels: Math.min(haloVoxels, FACE_HALO_VOXELS),
    }),
    async detect(volume, shape = cube) {
      const session = await sessionFor(shape);
      const { centre, radius, features } = await session.run({ volumes: { data: volume, shape: [1, ...shape] } });
      return { centre: centre.data, radiusVoxels: radius.data, features: features?.data };
    },
    rest,
    release,
    [Symbol.asyncDispose]: release,
  };
}

const isSame = (a: Shape3, b: Shape3): boolean => a.every((length, axis) => length === b[axis]);
