import { createFft3, interpolationCorrection } from "../fft/fft3.js";
import { type Quaternion, quaternionToMatrix } from "../quaternion.js";
import { centreIndex } from "../volume.js";

/** How alike a map and the map rotated about its box centre are: 1 for a symmetry, about 0 where they have nothing in common. */
export type SelfCorrelation = (rotation: Quaternion) => number;

/** The shells below say how large and round a thing is, not how it is arranged. */
const FIRST_SHELL = 2;
/** The transform is taken of twice the edge, so that it can be interpolated linearly. */
const PADDING = 2;

/**
 * The self-correlation of a map `[edge, edge, edge]` over the shells 2 to `radius` in Fourier pixels. Each shell is brought to the
 * same power, so that fine frequencies count as coarse ones do: the coarse ones of round things are alike in all orientations.
 * `reliability` is the fraction of each shell's power that is signal (the last one for all beyond; default 1 throughout): shells
 * count by it, and noise does not lower the correlation of a symmetry.
 */
export function createSelfCorrelation(
  map: Float32Array,
  edge: number,
  radius: number,
  reliability: ArrayLike<number> = [1],
): SelfCorrelation {
  const { spectrum, paddedEdge } = paddedSpectrum(map, edge, radius);
  const halfWidth = paddedEdge / 2 + 1;
  const value = new Float64Array(2);
  const read = (px: number, py: number, pz: number): void => {
    const mirrored = px < 0;
    const [x, y, z] = mirrored ? [-px, -py, -pz] : [px, py, pz];
    const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [tx, ty, tz] = [x - ix, y - iy, z - iz];
    let [real, imaginary] = [0, 0];
    for (let corner = 0; corner < 4; corner++) {
      const [cy, cz] = [iy + (corner & 1), iz + (corner >> 1)];
      const weight = ((corner & 1) === 0 ? 1 - ty : ty) * (corner < 2 ? 1 - tz : tz);
      const row = ((cz < 0 ? cz + paddedEdge : cz) * paddedEdge + (cy < 0 ? cy + paddedEdge : cy)) * halfWidth;
      const at = 2 * (row + ix);
      real += weight * ((1 - tx) * spectrum[at] + tx * spectrum[at + 2]);
      imaginary += weight * ((1 - tx) * spectrum[at + 1] + tx * spectrum[at + 3]);
    }
    value[0] = real;
    value[1] = mirrored ? -imaginary : imaginary;
  };
  const signal = (shell: number) => reliability[Math.min(shell, reliability.length - 1)];
  const { count, x, y, z, real, imaginary, largest } = whitenedBand(radius, read, value, signal);
  return (rotation) => {
    const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(rotation, PADDING);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      read(a * x[k] + b * y[k] + c * z[k], d * x[k] + e * y[k] + f * z[k], g * x[k] + h * y[k] + i * z[k]);
      sum += real[k] * value[0] + imaginary[k] * value[1];
    }
    return largest > 0 ? sum / largest : 0;
  };
}

/**
 * One of each pair of frequencies and mirror images within the radius, its value over its shell's power; and the sum that a symmetry
 * reaches.
 */
function whitenedBand(
  radius: number,
  read: (x: number, y: number, z: number) => void,
  value: Float64Array,
  signal: (shell: number) => number,
) {
  const found: { x: number; y: number; z: number; real: number; imaginary: number; shell: number }[] = [];
  const power = new Float64Array(Math.ceil(radius) + 1);
  const counts = new Float64Array(power.length);
  const reach = Math.floor(radius);
  for (let x = 0; x <= reach; x++)
    for (let y = -reach; y <= reach; y++)
      for (let z = -reach; z <= reach; z++) {
        const distance = Math.hypot(x, y, z);
        const isChosen = x > 0 || y > 0 || (y === 0 && z > 0);
        const shell = Math.round(distance);
        if (!isChosen || distance > radius || shell < FIRST_SHELL) continue;
        read(PADDING * x, PADDING * y, PADDING * z);
        const [real, imaginary] = [value[0], value[1]];
        found.push({ x, y, z, real, imaginary, shell });
        power[shell] += real * real + imaginary * imaginary;
        counts[shell]++;
      }
  const whitened = (part: number, shell: number) =>
    power[shell] > 0 ? (part * signal(shell) * counts[shell]) / power[shell] : 0;
  return {
    count: found.length,
    largest: found.reduce((sum, { shell }) => sum + signal(shell) ** 2, 0),
    x: Float64Array.from(found, (one) => one.x),
    y: Float64Array.from(found, (one) => one.y),
    z: Float64Array.from(found, (one) => one.z),
    real: Float64Array.from(found, (one) => whitened(one.real, one.shell)),
    imaginary: Float64Array.from(found, (one) => whitened(one.imaginary, one.shell)),
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
