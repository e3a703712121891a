import type { Vector3 } from "../../volume/index.js";

/** A candidate with its rank and size. Lengths in any one unit. */
export interface Placed {
  readonly position: Vector3;
  readonly score: number;
  readonly radius: number;
}

/**
 * Non-maximum suppression: those that stay, best first. Of two whose centres are closer than
 * `spacing * (radius + other radius)` the lower score goes; equal scores: the later one. Cost grows with the number of
 * neighbours, not of all pairs.
 */
export function suppressNeighbours<T extends Placed>(
  candidates: readonly T[],
  { spacing }: { readonly spacing: number },
): T[] {
  const largest = candidates.reduce((maximum, { radius }) => Math.max(maximum, radius), 0);
  const cell = Math.max(1e-6, 2 * spacing * largest);
  const taken = new Map<string, T[]>();
  const cellsOf = ({ x, y, z }: Vector3) =>
    [x, y, z].map((value) => Math.floor(value / cell)) as [number, number, number];
  const isFree = ({ position, radius }: T): boolean => {
    const [cx, cy, cz] = cellsOf(position);
    for (let z = cz - 1; z <= cz + 1; z++)
      for (let y = cy - 1; y <= cy + 1; y++)
        for (let x = cx - 1; x <= cx + 1; x++)
          for (const { position: other, radius: size } of taken.get(`${x},${y},${z}`) ?? []) {
            const distance = Math.hypot(other.x - position.x, other.y - position.y, other.z - position.z);
            if (distance < spacing * (radius + size)) return false;
          }
    return true;
  };
  const kept: T[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    if (!isFree(candidate)) continue;
    const key = cellsOf(candidate.position).join();
    const there = taken.get(key);
    if (there) there.push(candidate);
    else taken.set(key, [candidate]);
    kept.push(candidate);
  }
  return kept;
}
