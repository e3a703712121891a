/**
 * What the detector sees around every cell of a tomogram, whether it takes it for a particle or not: with it, a tomogram can be
 * searched for what looks like an example.
 */
import type { Shape3, Vector3 } from "../../../volume/index.js";
import type { TileDetector } from "../detector.js";
import type { Tile } from "../tile-plan.js";

/** Features of cells of `cellVoxels`^3 voxels over a whole tomogram. */
export interface FeatureMap {
  /** Cells, `[z, y, x]`. */
  readonly shape: Shape3;
  readonly cellVoxels: number;
  readonly channels: number;
  /** `[z, y, x, channels]`; 0 where no tile was seen. */
  readonly data: Float32Array;
  /** Filled as prompts are compared with the map, by their features: see `likenessMaps`. */
  readonly likenesses?: Map<string, Float32Array>;
}

/** A map of zeros for a tomogram of `shape` voxels. Undefined where the detector tells no features. */
export function createFeatureMap(
  shape: Shape3,
  { featureChannels: channels, featureCellVoxels: cellVoxels }: TileDetector,
): FeatureMap | undefined {
  if (channels === undefined || cellVoxels === undefined) return undefined;
  const [nz, ny, nx] = shape.map((length) => Math.ceil(length / cellVoxels)) as [number, number, number];
  return { shape: [nz, ny, nx], cellVoxels, channels, data: new Float32Array(nz * ny * nx * channels) };
}

/** Calls with the offset in the map of each cell that counts in a tile, and its number among the tile's cells. */
function eachCell(map: FeatureMap, tile: Tile, visit: (at: number, inTile: number) => void): void {
  const { cellVoxels, shape, channels } = map;
  const [, height, width] = tile.shape.map((length) => length / cellVoxels) as unknown as Shape3;
  const from = tile.first.map((first) => Math.floor(first / cellVoxels));
  const to = tile.end.map((end) => Math.ceil(end / cellVoxels));
  const skip = tile.first.map((first, axis) => Math.round((first - tile.corner[axis]) / cellVoxels));
  for (let z = from[0]; z < to[0]; z++)
    for (let y = from[1]; y < to[1]; y++)
      for (let x = from[2]; x < to[2]; x++) {
        const [k, j, i] = [z - from[0] + skip[0], y - from[1] + skip[1], x - from[2] + skip[2]];
        visit(((z * shape[1] + y) * shape[2] + x) * channels, (k * height + j) * width + i);
      }
}

/** Puts the part of a tile's features `[channels, z, y, x]` that counts where it belongs. */
export function placeFeatures(map: FeatureMap, tile: Tile, features: Float32Array): void {
  const cells = features.length / map.channels;
  eachCell(map, tile, (at, inTile) => {
    for (let c = 0; c < map.channels; c++) map.data[at + c] = features[c * cells + inTile];
  });
}

/** Numbers in what `tileFeatures` gives of the part of a tile that counts. */
export function tileFeatureCount({ cellVoxels, channels }: FeatureMap, { first, end }: Tile): number {
  const cells = end.map((last, axis) => Math.ceil(last / cellVoxels) - Math.floor(first[axis] / cellVoxels));
  return cells.reduce((product, length) => product * length, channels);
}

/** The features of one tile as the map has them, to be kept. */
export function tileFeatures(map: FeatureMap, tile: Tile): Float32Array {
  const kept = new Float32Array(tileFeatureCount(map, tile));
  let end = 0;
  eachCell(map, tile, (at) => {
    kept.set(map.data.subarray(at, at + map.channels), end);
    end += map.channels;
  });
  return kept;
}

/** Puts back what `tileFeatures` gave. */
export function restoreFeatures(map: FeatureMap, tile: Tile, kept: Float32Array): void {
  let from = 0;
  eachCell(map, tile, (at) => {
    map.data.set(kept.subarray(from, from + map.channels), at);
    from += map.channels;
  });
}

/**
 * The map with every channel at zero mean and unit variance over the tomogram: what is the same everywhere says nothing.
 * A channel that does not vary is 0.
 */
export function standardisedFeatures(map: FeatureMap): FeatureMap {
  const { data, channels } = map;
  const [sum, squares] = [new Float64Array(channels), new Float64Array(channels)];
  const cells = data.length / channels;
  for (let at = 0; at < data.length; at += channels)
    for (let c = 0; c < channels; c++) {
      sum[c] += data[at + c];
      squares[c] += data[at + c] ** 2;
    }
  const mean = sum.map((value) => value / cells);
  const scale = squares.map((value, c) => {
    const variance = value / cells - mean[c] ** 2;
    return variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
  });
  const standardised = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += channels)
    for (let c = 0; c < channels; c++) standardised[at + c] = (data[at + c] - mean[c]) * scale[c];
  return { ...map, data: standardised, likenesses: new Map() };
}

/** The features at a position in voxels, between the eight nearest cells' centres; beyond the tomogram those of its face. */
export function featuresAt({ shape, cellVoxels, channels, data }: FeatureMap, at: Vector3): Float32Array {
  const values = new Float32Array(channels);
  for (const { cell, weight } of cellsAround(at, shape, cellVoxels))
    for (let c = 0; c < channels; c++) values[c] += weight * data[cell * channels + c];
  return values;
}

/** The eight cells whose centres are nearest to a position in voxels, with their weights in a trilinear interpolation. */
export function cellsAround(
  { x, y, z }: Vector3,
  shape: Shape3,
  cellVoxels: number,
): { readonly cell: number; readonly weight: number }[] {
  const cells = [z, y, x].map((at) => (at - (cellVoxels - 1) / 2) / cellVoxels);
  return Array.from({ length: 8 }, (_, corner) => {
    let [weight, index] = [1, 0];
    for (const [axis, cell] of cells.entries()) {
      const below = Math.floor(cell);
      const side = (corner >> axis) & 1;
      weight *= side ? cell - below : 1 - (cell - below);
      index = index * shape[axis] + Math.max(0, Math.min(shape[axis] - 1, below + side));
    }
    return { cell: index, weight };
  });
}
