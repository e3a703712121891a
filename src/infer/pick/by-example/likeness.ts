/** Where a tomogram looks like an example: cosines of the detector's features, and their peaks. */
import type { Shape3, Vector3 } from "../../../volume/index.js";
import { cosine, fourCosines } from "../../similarity.js";
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
  const cells = map.data.length / map.channels;
  const maps = Array.from({ length: classCount }, () => new Float32Array(cells).fill(-1));
  const likenesses = likenessesTo(
    map,
    prompts.map(({ features }) => features),
  );
  for (const [i, { classIndex }] of prompts.entries()) {
    const [of, own] = [maps[classIndex], likenesses[i]];
    for (let cell = 0; cell < cells; cell++) if (own[cell] > of[cell]) of[cell] = own[cell];
  }
  return maps;
}

/** More are not kept with a map of features, to which a search with other examples comes back. */
const MOST_KEPT = 64;

/** The cosine of each cell's features with those of each prompt; -1 where a cell has none. */
function likenessesTo(map: FeatureMap, prompts: readonly Float32Array[]): Float32Array[] {
  const kept = map.likenesses ?? new Map<string, Float32Array>();
  const keys = prompts.map((features) => features.join());
  const isMissing = keys.map((key, i) => !kept.has(key) && keys.indexOf(key) === i);
  const missing = prompts.filter((_, i) => isMissing[i]);
  const computed = computeLikenesses(map, missing);
  const found = new Map(kept);
  for (const [i, key] of keys.filter((_, i) => isMissing[i]).entries()) found.set(key, computed[i]);
  for (const key of keys) {
    kept.delete(key);
    kept.set(key, found.get(key)!);
  }
  for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
  return keys.map((key) => found.get(key)!);
}

function computeLikenesses({ data, channels }: FeatureMap, prompts: readonly Float32Array[]): Float32Array[] {
  const cells = data.length / channels;
  const units = new Float32Array(prompts.length * channels);
  for (const [i, features] of prompts.entries()) units.set(unitOf(features), i * channels);
  const likenesses = prompts.map(() => new Float32Array(cells).fill(-1));
  const row = new Float32Array(prompts.length);
  for (let cell = 0, at = 0; cell < cells; cell++, at += channels) {
    const squares = cosine(data, data, at, at, channels);
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    let prompt = 0;
    for (; prompt + 4 <= prompts.length; prompt += 4)
      fourCosines(data, units, at, prompt * channels, channels, row, prompt);
    for (; prompt < prompts.length; prompt++) row[prompt] = cosine(data, units, at, prompt * channels, channels);
    for (let i = 0; i < prompts.length; i++) likenesses[i][cell] = row[i] * scale;
  }
  return likenesses;
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
