import { createRowProducts } from "../row-products.js";

/** The nearest neighbours of every point, itself not among them; nearest first. */
export interface NearestNeighbours {
  readonly count: number;
  /** Of each point. */
  readonly neighbours: number;
  /** `[count, neighbours]`. */
  readonly indices: Int32Array;
  /** `[count, neighbours]`: cosine of the angle, 1 for the same direction. */
  readonly similarities: Float32Array;
}

/**
 * The exact nearest neighbours by cosine, all pairs compared: count^2 size / 2 multiplications, 3 billion for 7,000 points of
 * 128 numbers. Of equal similarities the lower index comes first.
 * @param points `[count, size]`, each of unit length.
 */
export function nearestNeighbours(
  points: Float32Array,
  size: number,
  { neighbours, onProgress }: { readonly neighbours: number; readonly onProgress?: (done: number) => void },
): NearestNeighbours {
  const count = points.length / size;
  const kept = Math.min(neighbours, count - 1);
  const indices = new Int32Array(count * kept).fill(-1);
  const similarities = new Float32Array(count * kept).fill(Number.NEGATIVE_INFINITY);
  const offer = (point: number, other: number, similarity: number) => {
    const first = point * kept;
    let slot = first + kept - 1;
    if (similarity <= similarities[slot]) return;
    for (; slot > first && similarities[slot - 1] < similarity; slot--) {
      similarities[slot] = similarities[slot - 1];
      indices[slot] = indices[slot - 1];
    }
    similarities[slot] = similarity;
    indices[slot] = other;
  };
  if (kept <= 0) return { count, neighbours: 0, indices, similarities };
  using rows = createRowProducts(points, size);
  for (let i = 0; i < count; i++) {
    const row = rows.products(points, i * size, i);
    // Points come in ascending order to every list, so that ties keep the lower index in front.
    for (let j = 0; j < i; j++) {
      offer(i, j, row[j]);
      offer(j, i, row[j]);
    }
    onProgress?.(i + 1);
  }
  return { count, neighbours: kept, indices, similarities };
}
