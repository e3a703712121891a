import { ConfigError } from "../../../errors.js";
import { createVertexTable } from "./vertex-table.js";

/**
 * A Gaussian filter of unit width in a space of a few dimensions on the permutohedral lattice (Adams, Baek, Davis 2010,
 * "Fast High-Dimensional Filtering Using the Permutohedral Lattice"): each point gives its value to the d + 1 corners of the simplex
 * that holds it (splat), the corners exchange values along the d + 1 directions of the lattice (blur), and each point takes a part of
 * them back (slice). Who gives how much to whom depends on the points alone, is found once and serves every value filtered.
 */
export interface Permutohedral {
  /** What each point takes back of its own value: about the same for all, but for where it lies in its simplex. */
  readonly diagonal: Float32Array;
  /** Overwrites `values` with the filtered ones. */
  filterInPlace(values: Float32Array): void;
}

/**
 * @param features `[points, dimensions]`, in units of the kernel's width.
 * @throws ConfigError when the points spread over more lattice cells than can be numbered.
 */
export function permutohedralLattice(features: Float32Array, dimensions: number): Permutohedral {
  const d = dimensions;
  const count = features.length / d;
  // Splat and slice are as wide as (d + 1)^2 / 12 each, blurring (d + 1)^2 / 2, in squared lattice units.
  const unit = (d + 1) * Math.sqrt(1 / 2 + 1 / 6);
  const scale = Float64Array.from({ length: d }, (_, i) => unit / Math.sqrt((i + 1) * (i + 2)));
  const radix = keyRadix(features, d, scale);
  const allRadix = radix.reduce((sum, value) => sum + value, 0);

  const corner = new Int32Array(count * (d + 1));
  const weight = new Float32Array(count * (d + 1));
  const table = createVertexTable(Math.max(64, count));
  const elevated = new Float64Array(d + 1);
  const nearest = new Int32Array(d + 1);
  const rank = new Int32Array(d + 1);
  const atRank = new Int32Array(d + 1);
  const barycentric = new Float64Array(d + 2);
  for (let point = 0, out = 0; point < count; point++, out += d + 1) {
    // Onto the hyperplane of zero sum.
    let tail = 0;
    for (let j = d; j > 0; j--) {
      const scaled = features[point * d + j - 1] * scale[j - 1];
      elevated[j] = tail - j * scaled;
      tail += scaled;
    }
    elevated[0] = tail;
    // The nearest point whose coordinates are multiples of d + 1, brought back to zero sum by the ranks of the differences.
    let excess = 0;
    for (let i = 0; i <= d; i++) {
      const cell = Math.round(elevated[i] / (d + 1));
      nearest[i] = cell * (d + 1);
      excess += cell;
      rank[i] = 0;
    }
    for (let i = 0; i < d; i++) {
      const difference = elevated[i] - nearest[i];
      for (let j = i + 1; j <= d; j++)
        if (difference < elevated[j] - nearest[j]) rank[i]++;
        else rank[j]++;
    }
    for (let i = 0; i <= d; i++) {
      rank[i] += excess;
      if (rank[i] < 0) {
        rank[i] += d + 1;
        nearest[i] += d + 1;
      } else if (rank[i] > d) {
        rank[i] -= d + 1;
        nearest[i] -= d + 1;
      }
    }
    barycentric.fill(0);
    let key = 0;
    for (let i = 0; i <= d; i++) {
      const part = (elevated[i] - nearest[i]) / (d + 1);
      barycentric[d - rank[i]] += part;
      barycentric[d + 1 - rank[i]] -= part;
      atRank[rank[i]] = i;
      key += nearest[i] * radix[i];
    }
    barycentric[0] += 1 + barycentric[d + 1];
    // Corner r has r added to every coordinate, less d + 1 for the r of highest rank.
    for (let r = 0; r <= d; r++) {
      corner[out + r] = table.add(key);
      weight[out + r] = barycentric[r];
      key += allRadix - (d + 1) * radix[atRank[d - r]];
    }
  }
  const vertices = table.size();
  const neighbours = Array.from({ length: d + 1 }, (_, j) => table.neighbours((d + 1) * radix[j] - allRadix));

  let from = new Float32Array(vertices + 1); // the last is the vertex that is not there: always 0
  let to = new Float32Array(vertices + 1);
  return {
    diagonal: diagonalOf(weight, d),
    filterInPlace(values) {
      from.fill(0);
      for (let point = 0, at = 0; point < count; point++) {
        const value = values[point];
        for (let r = 0; r <= d; r++, at++) from[corner[at]] += value * weight[at];
      }
      for (const { above, below } of neighbours) {
        for (let v = 0; v < vertices; v++) to[v] = 0.5 * from[v] + 0.25 * (from[above[v]] + from[below[v]]);
        [from, to] = [to, from];
      }
      for (let point = 0, at = 0; point < count; point++) {
        let sum = 0;
        for (let r = 0; r <= d; r++, at++) sum += from[corner[at]] * weight[at];
        values[point] = sum;
      }
    },
  };
}

/**
 * The filter's diagonal. Corners r and q of a simplex are k = |r - q| steps apart, each along an axis of its own, or d + 1 - k steps the
 * other way along the other axes, for all d + 1 together lead nowhere; blurring keeps 1/2 and gives 1/4 a step.
 */
function diagonalOf(weight: Float32Array, d: number): Float32Array {
  const between = Array.from({ length: d + 1 }, (_, k) => {
    const ways = k === 0 ? 1 + 2 * 2 ** -(d + 1) : 2 ** -k + 2 ** -(d + 1 - k);
    return ways * 2 ** -(d + 1);
  });
  return Float32Array.from({ length: weight.length / (d + 1) }, (_, point) => {
    const from = point * (d + 1);
    let sum = 0;
    for (let r = 0; r <= d; r++)
      for (let q = 0; q <= d; q++) sum += weight[from + r] * weight[from + q] * between[Math.abs(r - q)];
    return sum;
  });
}

/**
 * What each coordinate of a vertex counts in its key: a key is one number, and so is the step to a neighbour. The last coordinate
 * follows from the others.
 */
function keyRadix(features: Float32Array, d: number, scale: Float64Array): Float64Array {
  const [low, high] = [new Float64Array(d).fill(Infinity), new Float64Array(d).fill(-Infinity)];
  for (let at = 0; at < features.length; at++) {
    const i = at % d;
    if (features[at] < low[i]) low[i] = features[at];
    if (features[at] > high[i]) high[i] = features[at];
  }
  const radix = new Float64Array(d + 1);
  let product = 1;
  for (let i = 0; i < d; i++) {
    // Coordinate i is -i scale_i f_i plus the scaled features behind it.
    let extent = i === 0 ? 0 : i * scale[i - 1] * (high[i - 1] - low[i - 1]);
    for (let j = i; j < d; j++) extent += scale[j] * (high[j] - low[j]);
    radix[i] = product;
    product *= Math.ceil(extent) + 8 * (d + 1); // a margin for rounding and for neighbours
  }
  if (product > Number.MAX_SAFE_INTEGER)
    throw new ConfigError("the CRF's appearance kernel is too narrow for so large a volume or so many channels", {
      hint: "Raise appearanceSigmaAngstrom or intensitySigma, or cut the volume into tiles.",
    });
  return radix;
}
