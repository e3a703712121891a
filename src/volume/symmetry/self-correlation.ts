import { createFft3, interpolationCorrection } from "../fft/fft3.js";
import { type Quaternion, quaternionToMatrix } from "../quaternion.js";
import { createRandom } from "../random.js";
import { centreIndex } from "../volume.js";

/**
 * How alike a map is to itself rotated about its box centre, as two independent half maps of it say: what is the same in all directions
 * left out, 1 for a symmetry, about 0 where nothing is in common.
 */
export interface SelfCorrelation {
  /** The last shell of the box, in Fourier pixels, that counts. */
  readonly lastShell: number;
  /** Of a sample of the frequencies: quick, and the same from call to call. */
  readonly quick: (rotation: Quaternion) => number;
  /** Of coarse frequencies alone. */
  readonly coarse: (rotation: Quaternion) => number;
  /** In each of `BANDS` runs of shells, coarse to fine, that hold as much information as one another. */
  readonly byBand: (rotation: Quaternion) => Float64Array;
}

const BANDS = 2;
/** The shells below say how large and round a thing is, not how it is arranged. */
const FIRST_SHELL = 2;
/** The transform is taken of twice the edge, so that it can be interpolated linearly. */
const PADDING = 2;
/** Halves are believed to the last shell at which they agree so far beside their round parts, the mean of three shells. */
const AGREEMENT = 0.143;
/** Frequencies enough to climb by, and to look for what to climb. */
const SAMPLE = 1000;
const COARSE_SAMPLE = 500;
/** Frequencies enough to judge by. */
const MOST = 6000;
/** Fourier pixels: enough to tell axes apart, few enough to try all directions. */
const COARSE_RADIUS = 8;
/** Numbers at a frequency of the grid: both maps' real and imaginary parts. */
const NUMBERS = 4;

/** Frequencies on spheres about the origin, a hemisphere of each, in an order without pattern. */
interface Samples {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly shell: Uint16Array;
  /** `NUMBERS` of each: what the maps hold there beside their round parts. */
  readonly values: Float64Array;
}

/**
 * Compares two half maps `[edge, edge, edge]` over shells to `radius` Fourier pixels at most; undefined where they have nothing in
 * common beside their round parts. Shells are brought to the same power and count by the correlation of the halves there, so that fine
 * frequencies count as coarse ones do, as far as they are signal.
 */
export function createSelfCorrelation(
  halves: readonly [Float32Array, Float32Array],
  edge: number,
  radius: number,
): SelfCorrelation | undefined {
  const read = createReader(halves, edge, radius);
  const { samples, means } = sampleSpheres(read, Math.floor(radius));
  const shells = trustedShells(samples, Math.floor(radius));
  if (shells === undefined) return undefined;
  const { weights, bandOf, lastShell } = shells;
  const used = [...samples.shell.keys()].filter((k) => samples.shell[k] <= lastShell);
  const comparer = (chosen: readonly number[], bandOfShell: (shell: number) => number, bands: number) =>
    createComparer({ read, samples, means, weights }, chosen, bandOfShell, bands);
  const all = comparer(used.slice(0, MOST), (shell) => bandOf[shell], BANDS);
  const meanOf = (chosen: readonly number[]) => {
    const compare = comparer(chosen, () => 0, 1);
    return (rotation: Quaternion) => compare(rotation)[0];
  };
  const coarse = used.filter((k) => samples.shell[k] <= COARSE_RADIUS);
  return {
    lastShell,
    byBand: all,
    quick: meanOf(used.slice(0, SAMPLE)),
    coarse: meanOf((coarse.length > 0 ? coarse : used).slice(0, COARSE_SAMPLE)),
  };
}

type Reader = (x: number, y: number, z: number, into: Float64Array) => void;

/** Sums products of either map at some of the frequencies and of the other at these rotated; 1 by the identity in every band. */
function createComparer(
  {
    read,
    samples: { x, y, z, shell, values },
    means,
    weights,
  }: {
    readonly read: Reader;
    readonly samples: Samples;
    readonly means: Float64Array;
    readonly weights: Float64Array;
  },
  chosen: readonly number[],
  bandOfShell: (shell: number) => number,
  bands: number,
): SelfCorrelation["byBand"] {
  const there = new Float64Array(NUMBERS);
  const whole = new Float64Array(bands);
  const bandOf = chosen.map((k) => bandOfShell(shell[k]));
  for (const [i, k] of chosen.entries()) {
    const at = NUMBERS * k;
    whole[bandOf[i]] += weights[shell[k]] * (values[at] * values[at + 2] + values[at + 1] * values[at + 3]);
  }
  return (rotation) => {
    const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(rotation);
    const sums = new Float64Array(bands);
    for (let n = 0; n < chosen.length; n++) {
      const k = chosen[n];
      read(a * x[k] + b * y[k] + c * z[k], d * x[k] + e * y[k] + f * z[k], g * x[k] + h * y[k] + i * z[k], there);
      const [at, mean] = [NUMBERS * k, 2 * shell[k]];
      const one = values[at] * (there[2] - means[mean + 1]) + values[at + 1] * there[3];
      const other = values[at + 2] * (there[0] - means[mean]) + values[at + 3] * there[1];
      sums[bandOf[n]] += (weights[shell[k]] * (one + other)) / 2;
    }
    return sums.map((sum, band) => (whole[band] > 0 ? sum / whole[band] : total(sums) / total(whole)));
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Both maps on spheres of every radius to `reach`, and the mean over each sphere, real, of either: their round parts. */
function sampleSpheres(read: Reader, reach: number): { readonly samples: Samples; readonly means: Float64Array } {
  const points: { x: number; y: number; z: number; shell: number }[] = [];
  for (let shell = FIRST_SHELL; shell <= reach; shell++)
    for (const { x, y, z } of evenDirections(Math.ceil(2 * Math.PI * shell ** 2)))
      points.push({ x: shell * x, y: shell * y, z: shell * z, shell });
  const shuffled = createRandom("frequencies")
    .sample(points.length, points.length)
    .map((i) => points[i]);
  const count = points.length;
  const values = new Float64Array(NUMBERS * count);
  const means = new Float64Array(2 * (reach + 1));
  const counts = new Float64Array(reach + 1);
  const here = new Float64Array(NUMBERS);
  for (const [k, { x, y, z, shell }] of shuffled.entries()) {
    read(x, y, z, here);
    values.set(here, NUMBERS * k);
    means[2 * shell] += here[0];
    means[2 * shell + 1] += here[2];
    counts[shell]++;
  }
  for (let shell = FIRST_SHELL; shell <= reach; shell++)
    for (const map of [0, 1]) means[2 * shell + map] /= counts[shell];
  for (const [k, { shell }] of shuffled.entries())
    for (const map of [0, 1]) values[NUMBERS * k + 2 * map] -= means[2 * shell + map];
  return {
    means,
    samples: {
      ...{ count, values, shell: Uint16Array.from(shuffled, (point) => point.shell) },
      x: Float64Array.from(shuffled, (point) => point.x),
      y: Float64Array.from(shuffled, (point) => point.y),
      z: Float64Array.from(shuffled, (point) => point.z),
    },
  };
}

/** How far the halves agree beside their round parts, what products count there, and the bands that the shells are in. */
function trustedShells({ count, values, shell }: Samples, reach: number) {
  const [cross, one, other] = [0, 1, 2].map(() => new Float64Array(reach + 1));
  for (let k = 0; k < count; k++) {
    const at = NUMBERS * k;
    cross[shell[k]] += values[at] * values[at + 2] + values[at + 1] * values[at + 3];
    one[shell[k]] += values[at] ** 2 + values[at + 1] ** 2;
    other[shell[k]] += values[at + 2] ** 2 + values[at + 3] ** 2;
  }
  const power = one.map((value, s) => Math.sqrt(value * other[s]));
  const correlation = cross.map((value, s) => (power[s] > 0 ? value / power[s] : 0));
  const around = (s: number) =>
    [s - 1, s, s + 1].reduce(
      ([sum, n], i) => (i >= FIRST_SHELL && i <= reach ? [sum + correlation[i], n + 1] : [sum, n]),
      [0, 0],
    );
  const smooth = correlation.map((_, s) => {
    const [sum, n] = around(s);
    return n > 0 ? sum / n : 0;
  });
  const lastShell = smooth.findLastIndex((value, s) => s >= FIRST_SHELL && value >= AGREEMENT && correlation[s] > 0);
  if (lastShell < 0) return undefined;
  const trust = smooth.map((value, s) => (s >= FIRST_SHELL && s <= lastShell ? Math.max(0, value) : 0));
  const information = trust.map((value, s) => s ** 2 * value ** 2);
  const all = information.reduce((sum, value) => sum + value, 0);
  let before = 0;
  const bandOf = information.map((value) => {
    const band = Math.min(BANDS - 1, Math.floor((BANDS * (before + value / 2)) / all));
    before += value;
    return band;
  });
  // A shell's products are of as many frequencies as it has: over its mean power, so that each of them counts alike.
  const counts = new Float64Array(reach + 1);
  for (const s of shell) counts[s]++;
  const weights = trust.map((value, s) => (power[s] > 0 ? (value * counts[s]) / power[s] : 0));
  return { weights, bandOf, lastShell };
}

/** Directions spread evenly over half a sphere: a Fibonacci lattice. */
export function evenDirections(count: number) {
  const turn = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, i) => {
    const z = (i + 0.5) / count;
    const across = Math.sqrt(1 - z * z);
    return { x: across * Math.cos(turn * i), y: across * Math.sin(turn * i), z };
  });
}

/** Reads both maps' transforms at any frequency to the radius, in Fourier pixels of the box, phases counted from its centre. */
function createReader(halves: readonly [Float32Array, Float32Array], edge: number, radius: number): Reader {
  const reach = PADDING * Math.ceil(radius) + 2;
  const [width, depth] = [2 * reach + 1, reach + 1];
  const grid = new Float32Array(width * width * depth * NUMBERS);
  for (const [map, half] of halves.entries()) {
    const { spectrum, paddedEdge } = paddedSpectrum(half, edge, radius);
    const halfWidth = paddedEdge / 2 + 1;
    for (let z = -reach, at = 2 * map; z <= reach; z++)
      for (let y = -reach; y <= reach; y++)
        for (let x = 0; x <= reach; x++, at += NUMBERS) {
          const row = ((z + paddedEdge) % paddedEdge) * paddedEdge + ((y + paddedEdge) % paddedEdge);
          grid[at] = spectrum[2 * (row * halfWidth + x)];
          grid[at + 1] = spectrum[2 * (row * halfWidth + x) + 1];
        }
  }
  const [row, plane] = [NUMBERS * depth, NUMBERS * depth * width];
  return (px, py, pz, into) => {
    const sign = px < 0 ? -PADDING : PADDING;
    const [x, y, z] = [sign * px, sign * py + reach, sign * pz + reach];
    const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [tx, ty, tz] = [x - ix, y - iy, z - iz];
    const from = NUMBERS * ((iz * width + iy) * depth + ix);
    let [r1, i1, r2, i2] = [0, 0, 0, 0];
    for (let corner = 0; corner < 4; corner++) {
      const weight = ((corner & 1) === 0 ? 1 - ty : ty) * (corner < 2 ? 1 - tz : tz);
      const at = from + (corner & 1) * row + (corner >> 1) * plane;
      const [near, far] = [weight * (1 - tx), weight * tx];
      r1 += near * grid[at] + far * grid[at + 4];
      i1 += near * grid[at + 1] + far * grid[at + 5];
      r2 += near * grid[at + 2] + far * grid[at + 6];
      i2 += near * grid[at + 3] + far * grid[at + 7];
    }
    into[0] = r1;
    into[1] = sign < 0 ? -i1 : i1;
    into[2] = r2;
    into[3] = sign < 0 ? -i2 : i2;
  };
}

/**
 * The transform of a map on a grid of half Fourier pixels, phases counted from the box centre, as far as `radius`: the map is
 * brought to a small power of two of voxels first, then padded.
 */
function paddedSpectrum(map: Float32Array, edge: number, radius: number) {
  let small = 8;
  while (small < 2 * radius + 2) small *= 2;
  const paddedEdge = PADDING * small;
  const coarse = coarseMap(map, edge, small, radius);
  const padded = new Float32Array(paddedEdge ** 3);
  const correction = interpolationCorrection(small, paddedEdge);
  const place = (i: number) => (i - centreIndex(small) + paddedEdge) % paddedEdge; // the centre goes to voxel 0
  for (let z = 0, at = 0; z < small; z++)
    for (let y = 0; y < small; y++)
      for (let x = 0; x < small; x++, at++)
        padded[(place(z) * paddedEdge + place(y)) * paddedEdge + place(x)] =
          coarse[at] * correction[x] * correction[y] * correction[z];
  const fft = createFft3([paddedEdge, paddedEdge, paddedEdge]);
  const spectrum = fft.createSpectrum();
  fft.forward(padded, spectrum);
  return { spectrum, paddedEdge };
}

/** The map's frequencies up to `radius` on `small`^3 voxels over the same box, its centre in the same place. */
function coarseMap(map: Float32Array, edge: number, small: number, radius: number): Float32Array {
  const [from, to] = [createFft3([edge, edge, edge]), createFft3([small, small, small])];
  const [source, target] = [from.createSpectrum(), to.createSpectrum()];
  from.forward(map, source);
  const reach = Math.min(Math.floor(radius) + 1, Math.ceil(edge / 2) - 1, small / 2 - 1);
  // The centre lies at floor(edge / 2) of edge voxels, and at the half of small ones: a shift of phases for odd edges.
  const turn = 2 * Math.PI * (centreIndex(edge) / edge - 0.5);
  for (let z = -reach; z <= reach; z++)
    for (let y = -reach; y <= reach; y++)
      for (let x = 0; x <= reach; x++) {
        const at = 2 * ((((z + edge) % edge) * edge + ((y + edge) % edge)) * from.halfWidth + x);
        const put = 2 * ((((z + small) % small) * small + ((y + small) % small)) * to.halfWidth + x);
        const [cosine, sine] = [Math.cos(turn * (x + y + z)), Math.sin(turn * (x + y + z))];
        target[put] = cosine * source[at] - sine * source[at + 1];
        target[put + 1] = cosine * source[at + 1] + sine * source[at];
      }
  const coarse = new Float32Array(small ** 3);
  to.inverse(target, coarse);
  return coarse;
}
