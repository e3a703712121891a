/** Where points of a map lie on a canvas. */
export interface MapSize {
  readonly width: number;
  readonly height: number;
}

const MARGIN_PIXELS = 14;

/** The same map as large as fits, in pixels `[points, 2]`, with the same scale on both axes. */
export function fitMap(positions: Float32Array, { width, height }: MapSize): Float32Array {
  const [x, y] = [extentOf(positions, 0), extentOf(positions, 1)];
  const scale = Math.min(
    (width - 2 * MARGIN_PIXELS) / (x.high - x.low || 1),
    (height - 2 * MARGIN_PIXELS) / (y.high - y.low || 1),
  );
  return positions.map((value, index) =>
    index % 2 === 0
      ? width / 2 + scale * (value - (x.low + x.high) / 2)
      : height / 2 + scale * (value - (y.low + y.high) / 2),
  );
}

function extentOf(positions: Float32Array, axis: 0 | 1): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = axis; index < positions.length; index += 2) {
    low = Math.min(low, positions[index]!);
    high = Math.max(high, positions[index]!);
  }
  return { low, high };
}

/** The point nearest to a place, if one is within reach. */
export function nearestPoint(points: Float32Array, x: number, y: number, reachPixels: number): number | undefined {
  let nearest: number | undefined;
  let least = reachPixels;
  for (let index = 0; 2 * index < points.length; index++) {
    const distance = Math.hypot(points[2 * index]! - x, points[2 * index + 1]! - y);
    if (distance >= least) continue;
    least = distance;
    nearest = index;
  }
  return nearest;
}
