import type { Vector3 } from "../../volume/index.js";

/** Something at a place, with a rank and a size. Lengths in one unit, whichever. */
export interface Placed {
  readonly position: Vector3;
  readonly score: number;
  readonly radius: number;
}

/**
 * Non-maximum suppression: indices of those that stay, best first. Of two whose centres are closer than
 * `spacing * (radius + other radius)` the lower score goes; equal scores: the later one. Cost grows with the number of
 * neighbours, not of all pairs.
 */
export function suppressNeighbours(candidates: readonly Placed[], { spacing }: { readonly spacing: number }): number[] {
  const order = candidates.map((_, index) => index).sort((a, b) => candidates[b].score - candidates[a].score || a - b);
  const largest = candidates.reduce((maximum, { radius }) => Math.max(maximum, radius), 0);
  const cell = Math.max(1e-6, 2 * spacing * largest);
  const taken = new Map<string, number[]>();
  const cellsOf = ({ x, y, z }: Vector3) =>
    [x, y, z].map((value) => Math.floor(value / cell)) as [number, number, number];
  const isFree = (index: number): boolean => {
    const { position, radius } = candidates[index];
    const [cx, cy, cz] = cellsOf(position);
    for (let z = cz - 1; z <= cz + 1; z++)
      for (let y = cy - 1; y <= cy + 1; y++)
        for (let x = cx - 1; x <= cx + 1; x++)
          for (const other of taken.get(`${x},${y},${z}`) ?? []) {
            const { position: place, radius: size } = candidates[other];
            const distance = Math.hypot(place.x - position.x, place.y - position.y, place.z - position.z);
            if (distance < spacing * (radius + size)) return false;
          }
    return true;
  };
  const kept: number[] = [];
  for (const index of order) {
    if (!isFree(index)) continue;
    const key = cellsOf(candidates[index].position).join();
    const there = taken.get(key);
    if (there) there.push(index);
    else taken.set(key, [index]);
    kept.push(index);
  }
  return kept;
}
