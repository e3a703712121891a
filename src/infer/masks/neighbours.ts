import { type ParticleMask, reachOfMask } from "./region.js";

/** Gives the masks, by rising index, whose reach meets that of one of them; the mask itself included. */
export function neighbourFinder(masks: readonly ParticleMask[]): (index: number) => number[] {
  const reaches = (["z", "y", "x"] as const).map((axis) => masks.map((mask) => reachOfMask(mask, axis)));
  const [alongZ, alongY, alongX] = reaches as [Reach[], Reach[], Reach[]];
  const order = masks.map((_, i) => i).sort((a, b) => alongZ[a][0] - alongZ[b][0] || a - b);
  const starts = Float64Array.from(order, (i) => alongZ[i][0]);
  const longest = alongZ.reduce((most, [low, high]) => Math.max(most, high - low), 0);
  const meets = (along: readonly Reach[], a: number, b: number) =>
    along[a][0] <= along[b][1] && along[b][0] <= along[a][1];
  return (index) => {
    const [low, high] = alongZ[index];
    const found: number[] = [];
    for (let k = firstAtLeast(starts, low - longest); k < order.length && starts[k] <= high; k++) {
      const other = order[k];
      if (meets(alongZ, index, other) && meets(alongY, index, other) && meets(alongX, index, other)) found.push(other);
    }
    return found.sort((a, b) => a - b);
  };
}

type Reach = readonly [low: number, high: number];

function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
