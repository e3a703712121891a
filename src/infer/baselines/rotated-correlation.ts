import {
  createFft3,
  createVolume,
  type Fft3,
  rescaleFourier,
  rotateVolume,
  type Volume,
  wedgeMask,
} from "../../volume/index.js";
import { evenRotations } from "./even-rotations.js";

/** Boxes are compared at this edge: of 320 Å, at 20 Å voxels and so 40 Å resolution. */
const EDGE = 16;
/** Complexes of 75 Å radius look the same at 40 Å resolution within 40 / 75 rad = 31 degrees: 500 rotations are that far apart. */
const ROTATIONS = 500;
/** What is rotated is cut out by a ball of this radius: neighbours lie outside. */
const MASK_RADIUS_VOXELS = 7;
/** Along each axis; two centres that are 1.5 of the finer voxels off are at most 1.5 of these apart. */
const LARGEST_SHIFT_VOXELS = 2;

export interface RotatedCorrelationOptions {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Maximum tilt angle of all particles, about y. */
  readonly tiltDegrees: number;
  /** How many pairs are compared, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Template matching between particles: how well each correlates with each other one, `[count * count]`, at its best of 500
 * rotations and of the shifts up to two voxels of 20 Å, with the missing wedge left out of the rotated one. A pair takes
 * 500 Fourier transforms of 16^3 voxels, a twentieth of a second or so, after which the generator pauses.
 * @param volumes `[count, edge, edge, edge]`
 */
export function* rotatedCorrelation(
  volumes: Float32Array,
  { edge, voxelSizeAngstrom, tiltDegrees, onProgress }: RotatedCorrelationOptions,
): Generator<void, Float32Array, void> {
  const boxes = coarseBoxes(volumes, edge, voxelSizeAngstrom);
  const fft = createFft3([EDGE, EDGE, EDGE]);
  const spectra = boxes.map((box) => unitSpectrum(fft, box.data));
  const wedge = wedgeMask(fft.shape, tiltDegrees);
  const rotations = evenRotations(ROTATIONS);
  const count = boxes.length;
  const similarity = new Float32Array(count * count);
  const correlate = correlator(fft);
  const total = (count * (count - 1)) / 2;
  for (let a = 0, done = 0; a < count; a++) {
    const masked = maskedByBall(boxes[a]);
    const templates = rotations.map((rotation) => unitSpectrum(fft, rotateVolume(masked, rotation).data, wedge));
    similarity[a * count + a] = 1;
    for (let b = a + 1; b < count; b++, done++) {
      let best = -1;
      for (const template of templates) best = Math.max(best, correlate(template, spectra[b]));
      similarity[a * count + b] = best;
      similarity[b * count + a] = best;
      onProgress?.(done, total);
      yield;
    }
  }
  onProgress?.(total, total);
  return similarity;
}

function coarseBoxes(volumes: Float32Array, edge: number, voxelSizeAngstrom: number): Volume[] {
  const voxels = edge ** 3;
  const coarse = { voxelSizeAngstrom: (voxelSizeAngstrom * edge) / EDGE, shape: [EDGE, EDGE, EDGE] } as const;
  return Array.from({ length: volumes.length / voxels }, (_, i) => {
    const data = volumes.subarray(i * voxels, (i + 1) * voxels);
    return rescaleFourier(createVolume([edge, edge, edge], voxelSizeAngstrom, data), coarse);
  });
}

/** Less its mean within the ball, and zero outside. */
function maskedByBall({ data, voxelSizeAngstrom }: Volume): Volume {
  const masked = createVolume([EDGE, EDGE, EDGE], voxelSizeAngstrom);
  const inside: number[] = [];
  const centre = EDGE / 2;
  for (let z = 0, i = 0; z < EDGE; z++)
    for (let y = 0; y < EDGE; y++)
      for (let x = 0; x < EDGE; x++, i++)
        if (Math.hypot(z - centre, y - centre, x - centre) <= MASK_RADIUS_VOXELS) inside.push(i);
  const mean = inside.reduce((sum, i) => sum + data[i] / inside.length, 0);
  for (const i of inside) masked.data[i] = data[i] - mean;
  return masked;
}

/** The spectrum without zero frequency and outside the wedge, scaled so that the correlation with itself is 1. */
function unitSpectrum(fft: Fft3, volume: Float32Array, wedge?: Uint8Array): Float64Array {
  const spectrum = fft.createSpectrum();
  fft.forward(volume, spectrum);
  let power = 0;
  for (let k = 0, at = 0; at < spectrum.length; k++, at += 2) {
    if (k === 0 || wedge?.[k] === 0) spectrum.fill(0, at, at + 2);
    const column = k % fft.halfWidth;
    const weight = column === 0 || column === fft.halfWidth - 1 ? 1 : 2; // the other half of a real volume's spectrum
    power += weight * (spectrum[at] ** 2 + spectrum[at + 1] ** 2);
  }
  const scale = 1 / (Math.sqrt(power) || 1);
  for (let at = 0; at < spectrum.length; at++) spectrum[at] *= scale;
  return spectrum;
}

/** The highest correlation of two unit spectra over small shifts. */
function correlator(fft: Fft3): (template: Float64Array, spectrum: Float64Array) => number {
  const product = fft.createSpectrum();
  const map = new Float32Array(EDGE ** 3);
  const near = nearZero();
  return (template, spectrum) => {
    for (let at = 0; at < product.length; at += 2) {
      product[at] = template[at] * spectrum[at] + template[at + 1] * spectrum[at + 1];
      product[at + 1] = template[at] * spectrum[at + 1] - template[at + 1] * spectrum[at];
    }
    fft.inverse(product, map);
    let best = -1;
    for (const i of near) if (map[i] > best) best = map[i];
    return best * EDGE ** 3; // the inverse is scaled by the number of voxels
  };
}

/** Voxels of a correlation map that stand for small shifts; the map is periodic. */
function nearZero(): number[] {
  const offsets = Array.from({ length: 2 * LARGEST_SHIFT_VOXELS + 1 }, (_, i) => i - LARGEST_SHIFT_VOXELS);
  const at = (offset: number) => (offset + EDGE) % EDGE;
  return offsets.flatMap((z) => offsets.flatMap((y) => offsets.map((x) => (at(z) * EDGE + at(y)) * EDGE + at(x))));
}
