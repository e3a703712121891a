import type { Shape3 } from "../../volume/index.js";
import { type CrfParameters, checkCrfParameters } from "./parameters.js";
import { type CrfProblem, channelScales, checkCrfProblem } from "./problem.js";
import { mostProbable, type RefinedLabels, type RefineLabelsOptions, refineChecked } from "./refine-labels.js";

/** How a volume is refined in tiles. */
export interface RefineTilesOptions extends RefineLabelsOptions {
  /** Edge of what each tile contributes, in voxels; it is refined with a margin around it. */
  readonly tileEdge?: number;
  /** Called after each tile; may throw to stop. */
  readonly onTile?: (done: number, total: number) => void;
}

/** In widths of the widest kernel: what lies further away counts for little, and mean field carries it less than one width further. */
const MARGIN_WIDTHS = 2.5;

/**
 * `refineLabels` for a volume of any size, tile by tile, so that it needs little more memory than the volume itself. The result is that
 * of the whole but for what reaches over the margins, and at most `iterations` of all tiles.
 * @throws as `refineLabels`, and what `onTile` throws.
 */
export function refineTiles(
  problem: CrfProblem,
  parameters: CrfParameters,
  { tileEdge = 96, tolerance = 1e-3, onTile }: RefineTilesOptions = {},
): RefinedLabels {
  checkCrfParameters(parameters);
  checkCrfProblem(problem);
  const { shape, voxelSizeAngstrom, intensities, probabilities } = problem;
  const scales = channelScales(intensities); // of the whole volume, so that all tiles agree on what is alike
  const widest = Math.max(
    parameters.appearanceWeight > 0 ? parameters.appearanceSigmaAngstrom : 0,
    parameters.smoothnessWeight > 0 ? parameters.smoothnessSigmaAngstrom : 0,
  );
  const margin = Math.ceil((MARGIN_WIDTHS * widest) / voxelSizeAngstrom);
  const refined = probabilities.map((values) => new Float32Array(values.length));
  const tiles = tilesOf(shape, tileEdge, margin);
  let [iterations, converged] = [0, true];
  for (const [index, tile] of tiles.entries()) {
    const cut = (values: Float32Array) => cutOut(values, shape, tile);
    const own = {
      shape: tile.shape,
      voxelSizeAngstrom,
      intensities: intensities.map(cut),
      probabilities: probabilities.map(cut),
    };
    const result = refineChecked(own, parameters, { tolerance, scales });
    for (const [label, values] of result.probabilities.entries()) putCore(values, refined[label], shape, tile);
    iterations = Math.max(iterations, result.iterations);
    converged &&= result.converged;
    onTile?.(index + 1, tiles.length);
  }
  return { probabilities: refined, labels: mostProbable(refined), iterations, converged };
}

interface Tile {
  /** First voxel and shape with margin. */
  readonly first: Shape3;
  readonly shape: Shape3;
  /** First voxel and shape of its core. */
  readonly coreFirst: Shape3;
  readonly coreShape: Shape3;
}

function tilesOf(shape: Shape3, edge: number, margin: number): Tile[] {
  const [alongZ, alongY, alongX] = shape.map((length) => {
    const count = Math.ceil(length / edge);
    return Array.from({ length: count }, (_, i) => {
      const [from, to] = [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)];
      const [first, end] = [Math.max(0, from - margin), Math.min(length, to + margin)];
      return { from, core: to - from, first, whole: end - first };
    });
  });
  return alongZ.flatMap((z) =>
    alongY.flatMap((y) =>
      alongX.map((x) => ({
        first: [z.first, y.first, x.first] as const,
        shape: [z.whole, y.whole, x.whole] as const,
        coreFirst: [z.from, y.from, x.from] as const,
        coreShape: [z.core, y.core, x.core] as const,
      })),
    ),
  );
}

function cutOut(values: Float32Array, [, ny, nx]: Shape3, { first, shape: [nz, height, width] }: Tile): Float32Array {
  const tile = new Float32Array(nz * height * width);
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < height; y++) {
      const from = ((first[0] + z) * ny + first[1] + y) * nx + first[2];
      tile.set(values.subarray(from, from + width), (z * height + y) * width);
    }
  return tile;
}

function putCore(
  tile: Float32Array,
  values: Float32Array,
  [, ny, nx]: Shape3,
  { first, shape, coreFirst, coreShape }: Tile,
) {
  const [depth, height, width] = coreShape;
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++) {
      const [inZ, inY, inX] = [coreFirst[0] - first[0] + z, coreFirst[1] - first[1] + y, coreFirst[2] - first[2]];
      const from = (inZ * shape[1] + inY) * shape[2] + inX;
      values.set(tile.subarray(from, from + width), ((coreFirst[0] + z) * ny + coreFirst[1] + y) * nx + coreFirst[2]);
    }
}
