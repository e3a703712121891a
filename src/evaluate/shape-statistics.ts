import { enclosedVolume, longestExtent, type SurfaceMesh, surfaceArea } from "../volume/index.js";

/** Size and shape of one particle's surface. All are 0 for a particle without a surface, and the sphericity NaN. */
export interface ShapeStatistics {
  readonly volumeCubicAngstrom: number;
  readonly surfaceSquareAngstrom: number;
  /**
   * Area of the sphere of the same volume over the area, pi^(1/3) (6 V)^(2/3) / A: 1 for a sphere, less for anything else
   * (H. Wadell, J. Geol. 43, 250, 1935).
   */
  readonly sphericity: number;
  /** Diameter of the sphere of the same volume. */
  readonly equivalentDiameterAngstrom: number;
  /** Largest distance between two points of the surface; see `longestExtent`. */
  readonly longestExtentAngstrom: number;
}

/** Size and shape of one particle. @param mesh closed, positions in Å. */
export function shapeStatistics(mesh: Pick<SurfaceMesh, "positions" | "triangles">): ShapeStatistics {
  const volume = enclosedVolume(mesh);
  const area = surfaceArea(mesh);
  const sixVolumes = 6 * Math.max(0, volume);
  return {
    volumeCubicAngstrom: volume,
    surfaceSquareAngstrom: area,
    sphericity: area > 0 ? (Math.cbrt(Math.PI) * Math.cbrt(sixVolumes) ** 2) / area : Number.NaN,
    equivalentDiameterAngstrom: Math.cbrt(sixVolumes / Math.PI),
    longestExtentAngstrom: longestExtent(mesh),
  };
}

/** How a quantity is distributed. Values that are NaN are left out; all are NaN when none is left. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  /** Of the sample, with n - 1; NaN for fewer than two values. */
  readonly standardDeviation: number;
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
}

/** Quartiles lie between order statistics by linear interpolation, as NumPy's do. */
export function describeDistribution(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const quantile = (fraction: number): number => {
    const rank = fraction * (count - 1);
    const low = sorted[Math.floor(rank)] ?? Number.NaN;
    return low + (rank - Math.floor(rank)) * ((sorted[Math.ceil(rank)] ?? Number.NaN) - low);
  };
  return {
    count,
    mean,
    standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN,
    minimum: quantile(0),
    lowerQuartile: quantile(0.25),
    median: quantile(0.5),
    upperQuartile: quantile(0.75),
    maximum: quantile(1),
  };
}

/** Equal bins from a multiple of their width on. */
export interface Bins {
  readonly low: number;
  readonly width: number;
  readonly count: number;
}

/** About twenty bins of a round width (1, 2 or 5 times a power of ten) that hold all values; one bin without values. */
export function chooseBins(values: readonly number[], { about = 20 } = {}): Bins {
  const known = values.filter(Number.isFinite);
  const lowest = known.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = known.reduce((a, b) => Math.max(a, b), -Infinity);
  if (known.length === 0) return { low: 0, width: 1, count: 1 };
  // No finer than values of this size can be told apart well.
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const wish = Math.max((highest - lowest) / about, highest > lowest ? 1e-6 * size : size / about, 1e-9);
  const power = 10 ** Math.floor(Math.log10(wish));
  const width = power * (wish / power <= 1 ? 1 : wish / power <= 2 ? 2 : wish / power <= 5 ? 5 : 10);
  const first = Math.floor(lowest / width);
  return { low: first * width, width, count: Math.floor(highest / width) - first + 1 };
}

/** How many values lie in each bin, its lower end included; values outside and NaN are not counted. */
export function countInBins(values: readonly number[], { low, width, count }: Bins): Uint32Array {
  const counts = new Uint32Array(count);
  const first = Math.round(low / width);
  for (const value of values) {
    const bin = Math.floor(value / width) - first;
    if (bin >= 0 && bin < count) counts[bin]++;
  }
  return counts;
}
