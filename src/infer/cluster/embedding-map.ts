import type { Random } from "../../volume/index.js";
import type { NearestNeighbours } from "./nearest.js";

/** Neighbours, itself among them, whose positions beside a point the map tries to keep: UMAP's usual number. */
const MAP_NEIGHBOURS = 15;
/** UMAP needs a few points to make a map of. */
const LEAST_POINTS = 4;

/**
 * A flat map of embeddings on which neighbours stay neighbours (UMAP; L. McInnes, J. Healy and J. Melville 2018), for people
 * to look at: distances between far groups mean little, and the clusters are not made from it.
 * @returns x and y of each point in turn, scaled into 0 to 1 with the aspect kept.
 */
export async function embeddingMap(
  nearest: NearestNeighbours,
  { random }: { readonly random: Random },
): Promise<Float64Array> {
  const { count, neighbours, indices, similarities } = nearest;
  if (count < LEAST_POINTS)
    return Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? (i + 1) / (2 * count) : 0.5));
  const { UMAP } = await import("umap-js"); // only jobs that draw maps pay for loading it
  const kept = Math.min(MAP_NEIGHBOURS - 1, neighbours);
  const umap = new UMAP({ nNeighbors: Math.min(kept + 1, count - 1), minDist: 0.1, random: () => random.next() });
  const row = (point: number) => point * neighbours;
  umap.setPrecomputedKNN(
    Array.from({ length: count }, (_, point) => [point, ...indices.subarray(row(point), row(point) + kept)]),
    Array.from({ length: count }, (_, point) => [
      0,
      ...Array.from(similarities.subarray(row(point), row(point) + kept), (similarity) => Math.max(0, 1 - similarity)),
    ]),
  );
  // The neighbours are known, so that of the points themselves only the number is asked for.
  return scaled(await umap.fitAsync(Array.from({ length: count }, () => [0]))); // events are served between its rounds
}

function scaled(points: readonly (readonly number[])[]): Float64Array {
  const extreme = (pick: typeof Math.min) =>
    [0, 1].map((axis) => points.reduce((best, point) => pick(best, point[axis]), points[0][axis]));
  const [low, high] = [extreme(Math.min), extreme(Math.max)];
  const span = Math.max(high[0] - low[0], high[1] - low[1], 1e-9);
  return Float64Array.from(points.flatMap((point) => point.map((value, axis) => (value - low[axis]) / span)));
}
