/**
 * The network that says where particles are, of whatever kind: a U-Net over cells of 2x2x2 voxels, with residual blocks at
 * E/2, E/4 and E/8 and no pooling over the volume, so that a tile within its halo gets the answer it would get in the whole
 * tomogram. The classifier's own decoder cannot do this: it is trained to outline the central particle of a box only.
 */
import { encodeOnnx, op, type QuantisedRanges, type Tensor } from "../graph/index.js";
import { decodeDescribed, encodeDescribed } from "./description.js";
import { decodeLevel, depthToSpace, encodeLevels, pointwise, spaceToDepth } from "./layers.js";
import { constantLayers, type Layers, type ParameterValues, storedLayers } from "./parameters.js";
import { type Quantisation, rangeOutputs } from "./quantisation.js";

/** Size of the detector. */
export interface DetectorConfig {
  /** Channels at E/2, E/4 and E/8. */
  readonly widths: readonly [number, number, number];
  /** Residual blocks at each level. */
  readonly blocks: readonly [number, number, number];
}

export const detectorDefaults: DetectorConfig = { widths: [16, 32, 64], blocks: [1, 2, 1] };

/** Voxels along the edge of a cell of the centre and radius maps. */
const DETECTOR_CELL_VOXELS = 2;
/** Voxels along the edge of a cell of the features: one of the encoder's deepest level. */
const FEATURE_CELL_VOXELS = 8;
/** Input is cut off here, in standard deviations: gold would otherwise reach values that no training has seen. */
const LARGEST_INPUT = 8;
/** What a radius output of 0 stands for, in voxels: in the middle of what there is. */
const TYPICAL_RADIUS_VOXELS = 5;
/** Initial log-odds of voxels inside particles and of centres: about how rare they are. */
const INITIAL_LOGITS = { particle: -2, centre: -4 };

/** What the network makes of `volumes` `[N, E, E, E]`: slices `[N * E / 2, channels, E / 2, E / 2]`. */
export interface DetectorOutput {
  /** Log-odds that a voxel is inside a particle; eight voxels of a cell as channels, see `spaceToDepth`. */
  readonly particleLogits: Tensor;
  /** Log-odds that a particle's centre is in the cell; one channel. */
  readonly centreLogits: Tensor;
  /** Natural logarithm of the radius, in voxels, of the particle centred here; one channel. */
  readonly logRadius: Tensor;
  /** What the network sees around each cell of 8x8x8 voxels: encoder and decoder features, `[N * E / 8, channels, E / 8, E / 8]`. */
  readonly features: Tensor;
}

/** `volumes` is `[N, E, E, E]`, or of three different lengths, multiples of 8; zero mean and unit variance over the tomogram, protein positive. */
export function detector(layers: Layers, config: DetectorConfig, volumes: Tensor): DetectorOutput {
  const depth = volumes.shape[1] / 2;
  const cells = spaceToDepth(clip(volumes, LARGEST_INPUT));
  const { fine, middle, deep } = encodeLevels(layers, { ...config, duse: false }, cells, depth);
  const decodedMiddle = decodeLevel(layers, "up2", deep, middle, depth / 4);
  const decoded = decodeLevel(layers, "up1", decodedMiddle, fine, depth / 2);
  // One matrix product for all ten channels: eight voxels, centre, radius.
  const heads = pointwise(layers, "heads", decoded, 10);
  const channels = (start: number, end: number): Tensor => op.slice(heads, 1, start, end);
  return {
    particleLogits: op.add(channels(0, 8), INITIAL_LOGITS.particle),
    centreLogits: op.add(channels(8, 9), INITIAL_LOGITS.centre),
    logRadius: op.add(channels(9, 10), Math.log(TYPICAL_RADIUS_VOXELS)),
    features: op.concat([deep, halved(decodedMiddle, depth / 2), halved(halved(decoded, depth), depth / 2)], 1),
  };
}

/** Means of 2x2x2 neighbours, `[N * depth, C, H, W] -> [N * depth / 2, C, H / 2, W / 2]`. */
function halved(x: Tensor, depth: number): Tensor {
  return op.multiply(op.sumPool(x, depth), 1 / 8);
}

/** min(limit, max(-limit, x)) by two ReLUs. */
function clip(x: Tensor, limit: number): Tensor {
  const above = op.subtract(op.relu(op.add(x, limit)), limit);
  return op.subtract(limit, op.relu(op.subtract(limit, above)));
}

/** What is stored in a detector's file beside the graph. */
export interface DetectorDescription {
  readonly format: "cosnet-detector-1";
  readonly config: DetectorConfig;
  /** Edge E of a tile in voxels. */
  readonly edge: number;
  /** Voxels at each face of a tile whose answers are to be thrown away, unless the tomogram ends there; even. */
  readonly haloVoxels: number;
  readonly voxelSizeAngstrom: number;
  /** Voxels along the edge of a cell: cell i covers voxels 2 i and 2 i + 1, so its centre is at voxel 2 i + 0.5. */
  readonly cellVoxels: number;
  /** Features of each cell of `featureCellVoxels`^3 voxels; absent from files of cosnet before they were written. */
  readonly featureChannels?: number;
  readonly featureCellVoxels?: number;
  /** The cut-off of `centre` with the best F1 on validation specimens. */
  readonly centreThreshold: number;
  /** By what it is computed in 8 bits; absent until `cosnet train ranges` has measured it. */
  readonly quantisation?: Quantisation;
  /** Where the model comes from: seed, patches seen, figures. */
  readonly provenance: Readonly<Record<string, string | number>>;
}

export interface EncodeDetectorOptions {
  readonly edge?: number;
  readonly haloVoxels?: number;
  readonly voxelSizeAngstrom?: number;
  readonly centreThreshold?: number;
  readonly provenance?: DetectorDescription["provenance"];
}

/**
 * The detector's file: an ONNX graph of standard operators from `volumes` `[batch, E, E, E]` (standardised over the whole
 * tomogram, protein positive) to
 * - `centre` `[batch, E/2, E/2, E/2]`: probability that a particle's centre is in this cell of 2x2x2 voxels,
 * - `particle` `[batch, E, E, E]`: probability that a voxel is inside a particle,
 * - `radius` `[batch, E/2, E/2, E/2]`: radius, in voxels, of a sphere of the particle's volume; meant where `centre` is high,
 * - `features` `[batch, channels, E/8, E/8, E/8]`: what the network sees around each cell, to search for what looks like an example,
 * with its description as metadata.
 */
export function encodeDetector(
  config: DetectorConfig,
  values: ParameterValues,
  {
    edge = 128,
    haloVoxels = 24,
    voxelSizeAngstrom = 10,
    centreThreshold = 0.45,
    provenance = {},
  }: EncodeDetectorOptions = {},
): Uint8Array {
  const volumes = op.input("volumes", [1, edge, edge, edge]);
  const { particleLogits, centreLogits, logRadius, features } = detector(constantLayers(values), config, volumes);
  const cells = edge / DETECTOR_CELL_VOXELS;
  const cellMap = (slices: Tensor): Tensor => op.reshape(slices, [1, cells, cells, cells]);
  const featureEdge = edge / FEATURE_CELL_VOXELS;
  const featureChannels = features.shape[1];
  const description: DetectorDescription = {
    format: "cosnet-detector-1",
    config,
    edge,
    haloVoxels,
    voxelSizeAngstrom,
    cellVoxels: DETECTOR_CELL_VOXELS,
    ...{ featureChannels, featureCellVoxels: FEATURE_CELL_VOXELS },
    centreThreshold,
    provenance,
  };
  const outputs = {
    centre: cellMap(op.sigmoid(centreLogits)),
    particle: depthToSpace(op.sigmoid(particleLogits), edge),
    radius: cellMap(op.exp(logRadius)),
    features: channelMaps(features, featureEdge),
  };
  return encodeDescribed(outputs, description);
}

/** How the graph of a detector's file is made anew for the machine that it runs on. */
export interface TileDetectorOptions {
  /** ONNX Runtime's channel block on this machine, where its blocked operators can be used. */
  readonly blockedChannels?: number | undefined;
  /** Ranges to compute in 8 bits by, where that is wanted. */
  readonly quantised?: QuantisedRanges | undefined;
}

/**
 * The graph of a detector's file for tiles of another shape `[depth, height, width]`, multiples of 8 voxels: `volumes`
 * `[1, depth, height, width]` to `centre`, `radius` and, of files that have them, `features`, as in the file.
 * @param constants those of the file.
 */
export function encodeTileDetector(
  description: Pick<DetectorDescription, "config" | "featureChannels">,
  constants: ParameterValues,
  shape: Shape3,
  { blockedChannels, quantised }: TileDetectorOptions = {},
): Uint8Array {
  const outputs = tileOutputs(description, constants, shape);
  if (quantised) return encodeOnnx(outputs, { target: "cpu", quantised });
  return encodeOnnx(
    outputs,
    blockedChannels ? { target: "cpu", blockedChannels, keepBlocked: true } : { target: "portable" },
  );
}

/** As `encodeRangeGraph`, of a detector for tiles of this shape. */
export function encodeDetectorRangeGraph(
  description: Pick<DetectorDescription, "config" | "featureChannels">,
  constants: ParameterValues,
  shape: Shape3,
): Uint8Array {
  return encodeOnnx(rangeOutputs(tileOutputs(description, constants, shape)), { target: "portable" });
}

type Shape3 = readonly [number, number, number];

function tileOutputs(
  { config, featureChannels }: Pick<DetectorDescription, "config" | "featureChannels">,
  constants: ParameterValues,
  shape: Shape3,
): Record<string, Tensor> {
  const answer = detector(storedLayers(constants), config, op.input("volumes", [1, ...shape]));
  const cells = shape.map((length) => length / DETECTOR_CELL_VOXELS);
  const cellMap = (slices: Tensor): Tensor => op.reshape(slices, [1, ...cells]);
  return {
    centre: cellMap(op.sigmoid(answer.centreLogits)),
    radius: cellMap(op.exp(answer.logRadius)),
    ...(featureChannels !== undefined && { features: channelMaps(answer.features, shape[0] / FEATURE_CELL_VOXELS) }),
  };
}

/** `[N * depth, C, H, W] -> [N, C, depth, H, W]`. */
function channelMaps(x: Tensor, depth: number): Tensor {
  const [, channels, height, width] = x.shape;
  const maps = op.transpose(op.reshape(x, [-1, depth, channels, height * width]), [0, 2, 1, 3]);
  return op.reshape(maps, [-1, channels, depth, height, width]);
}

/** The description in a detector's file, or undefined when the file is not a detector that cosnet wrote. */
export const decodeDetectorDescription = (metadata: ReadonlyMap<string, string>) =>
  decodeDescribed<DetectorDescription>(metadata, "cosnet-detector-1");
