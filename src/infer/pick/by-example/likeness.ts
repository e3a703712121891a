/** Where a tomogram looks like an example: cosines of the detector's features, and their peaks. */
import type { Shape3, Vector3 } from "../../../volume/index.js";
import type { FeatureMap } from "./feature-map.js";

/** A cell that looks like an example of a class more than like those of other classes. */
export interface LikeCell {
  /** Of the highest likeness nearby, between cells, in voxels. */
  readonly positionVoxels: Vector3;
  /** Cosine with the class's most similar example. */
  readonly likeness: number;
  readonly classIndex: number;
}

/** What the detector sees around one example. */
export interface Prompt {
  /** `[channels]`, standardised as the map is. */
  readonly features: Float32Array;
  readonly classIndex: number;
}

/** The cosine of each cell's features with those of the class's most similar prompt, `[classes]` maps `[z, y, x]`. */
export function likenessMaps(map: FeatureMap, prompts: readonly Prompt[], classCount: number): Float32Array[] {
  const { data, channels } = map;
  const cells = data.length / channels;
  const maps = Array.from({ length: classCount }, () => new Float32Array(cells).fill(-1));
  const units = prompts.map(({ features, classIndex }) => ({ unit: unitOf(features), of: maps[classIndex]! }));
  for (let cell = 0, at = 0; cell < cells; cell++, at += channels) {
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += data[at + c] ** 2;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (const { unit, of } of units) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += unit[c] * data[at + c];
      of[cell] = Math.max(of[cell], sum * scale);
    }
  }
  return maps;
}

function unitOf(features: Float32Array): Float32Array {
  const length = Math.sqrt(features.reduce((sum, value) => sum + value * value, 0)) || 1;
  return features.map((value) => value / length);
}

/** The cells whose most similar example is of one of `classes`, most similar first; at least `minimum` similar. */
export function likeCells(
  { shape, cellVoxels }: FeatureMap,
  maps: readonly Float32Array[],
  { classes, minimum }: { readonly classes: ReadonlySet<number>; readonly minimum: number },
): LikeCell[] {
  const [nz, ny, nx] = shape;
  const cells: LikeCell[] = [];
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) {
        let classIndex = 0;
        for (let label = 1; label < maps.length; label++)
          if (maps[label][at] > maps[classIndex][at]) classIndex = label;
        const own = maps[classIndex];
        if (!classes.has(classIndex) || own[at] < minimum || !isCrest(own, shape, [z, y, x])) continue;
        const place = (cell: number, length: number, stride: number) => {
          const isInside = cell > 0 && cell < length - 1;
          const offset = isInside ? vertex(own[at - stride], own[at], own[at + stride]) : 0;
          return (cell + offset) * cellVoxels + (cellVoxels - 1) / 2;
        };
        const positionVoxels = { x: place(x, nx, 1), y: place(y, ny, nx), z: place(z, nz, ny * nx) };
        cells.push({ positionVoxels, likeness: own[at], classIndex });
      }
  return cells.sort((a, b) => b.likeness - a.likeness);
}

/** Neighbours of 26 that may be higher: those along a filament are; more than a cell beside it it is nine and more. */
const MOST_HIGHER = 6;

/** Whether a cell is on a peak or on the crest of a ridge, or next to it. */
function isCrest(values: Float32Array, [nz, ny, nx]: Shape3, [z, y, x]: Shape3): boolean {
  const here = values[(z * ny + y) * nx + x];
  let higher = 0;
  for (let k = Math.max(0, z - 1); k <= Math.min(nz - 1, z + 1); k++)
    for (let j = Math.max(0, y - 1); j <= Math.min(ny - 1, y + 1); j++)
      for (let i = Math.max(0, x - 1); i <= Math.min(nx - 1, x + 1); i++)
        if (values[(k * ny + j) * nx + i] > here) higher++;
  return higher <= MOST_HIGHER;
}

/** Where the parabola through three values at -1, 0 and 1 is highest, at most `limit` away. */
export function vertex(before: number, here: number, after: number, limit = 0.5): number {
  const curvature = before - 2 * here + after;
  if (curvature < 0) return Math.max(-limit, Math.min(limit, (0.5 * (before - after)) / curvature));
  return before > after ? -limit : after > before ? limit : 0;
}
