import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import type { OnnxRuntime } from "../../runtime/index.js";
import { centreIndex, createRandom, interpolationCorrection, type Matrix3 } from "../../volume/index.js";
import { borrowMemory } from "../../wasm/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { createOrientationComparer } from "./compare.js";
import { createPaddedTransform, FINE_LENGTH, fineIndex, PADDING, TRANSFORM_LENGTH } from "./padded-transform.js";
import { commonFrequencies, measuredFrequencies } from "./rotated.js";
import { evenRotations } from "./rotations.js";
import { SPECTRUM_LENGTH } from "./spectrum.js";

const random = createRandom("rotated references");
const randomSpectrum = () => Float32Array.from({ length: SPECTRUM_LENGTH }, () => random.normal());
const randomPhases = () => {
  const phases = Array.from({ length: band.count }, () => random.uniform(0, 2 * Math.PI));
  return Float32Array.from([...phases.map(Math.cos), ...phases.map(Math.sin)]);
};

/** The padded transform of a box, behind what it needs. */
function transformed(spectrum: Float32Array): Float32Array {
  using borrowed = borrowMemory(4 * (TRANSFORM_LENGTH + FINE_LENGTH));
  createPaddedTransform(borrowed.memory, 0)(spectrum, TRANSFORM_LENGTH);
  return new Float32Array(borrowed.memory.buffer).slice(TRANSFORM_LENGTH, TRANSFORM_LENGTH + FINE_LENGTH);
}

/** A box with the frequencies of a spectrum, at a voxel from its centre. */
function boxAt(spectrum: Float32Array, x: number, y: number, z: number): number {
  let sum = 0;
  for (let k = 0; k < band.count; k++) {
    const phase = (2 * Math.PI * (band.x[k] * x + band.y[k] * y + band.z[k] * z)) / COMPARED_EDGE;
    sum += 2 * (spectrum[k] * Math.cos(phase) - spectrum[band.count + k] * Math.sin(phase));
  }
  return sum / COMPARED_EDGE ** 3;
}

test("the padded transform is that of the box, amid zeros and corrected for interpolation", () => {
  const spectrum = randomSpectrum();
  const rounding = 2 ** -23 * Math.hypot(...spectrum); // of numbers of four bytes
  const fine = transformed(spectrum);
  const correction = interpolationCorrection(COMPARED_EDGE, PADDING * COMPARED_EDGE);
  const centre = centreIndex(COMPARED_EDGE);
  const voxels = Array.from({ length: COMPARED_EDGE }, (_, i) => i - centre);
  const box = voxels.flatMap((z) => voxels.flatMap((y) => voxels.map((x) => boxAt(spectrum, x, y, z))));
  for (const [fx, fy, fz] of [
    [0, 0, 0],
    [12, 3, -5],
    [5, -13, 7],
    [1, 0, 13],
  ] as const) {
    let [real, imaginary, at] = [0, 0, 0];
    for (const z of voxels)
      for (const y of voxels)
        for (const x of voxels) {
          const phase = (-2 * Math.PI * (fx * x + fy * y + fz * z)) / (PADDING * COMPARED_EDGE);
          const value = box[at++] * correction[x + centre] * correction[y + centre] * correction[z + centre];
          real += value * Math.cos(phase);
          imaginary += value * Math.sin(phase);
        }
    expect(Math.abs(fine[fineIndex(fx, fy, fz)] - real)).toBeLessThan(rounding);
    expect(Math.abs(fine[fineIndex(fx, fy, fz) + 1] - imaginary)).toBeLessThan(rounding);
  }
});

test("correlations in whole numbers are those in real numbers, but for rounding", async () => {
  const tiltDegrees = 60;
  // Every frequency has the same power: so has every shell, which is then taken as it is.
  const [query, reference] = [randomPhases(), randomPhases()];
  const runtime = onnxruntime as unknown as OnnxRuntime;
  const typical = new Float32Array(SPECTRUM_LENGTH).fill(1);
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees, typical, threads: 1 });
  const [correlation] = await comparer.compare(query, reference);

  const rotations = evenRotations(600);
  const frequencies = measuredFrequencies(tiltDegrees);
  const factors = commonFrequencies(rotations, frequencies, tiltDegrees);
  const count = frequencies.length;
  const fine = transformed(reference);
  let highest = 0;
  for (const [r, rotation] of rotations.entries()) {
    const turned = frequencies.map((k, i) => scaled(interpolated(fine, before(rotation, k)), factors[r * count + i]));
    let [power, turnedPower] = [0, 0];
    for (const [i, k] of frequencies.entries()) {
      power += factors[r * count + i] * (query[k] ** 2 + query[band.count + k] ** 2);
      turnedPower += turned[i].real ** 2 + turned[i].imaginary ** 2;
    }
    for (let shift = 0; shift < 125; shift++) {
      const [x, y, z] = [(shift % 5) - 2, (Math.floor(shift / 5) % 5) - 2, Math.floor(shift / 25) - 2];
      if (Math.hypot(x, y, z) > 2) continue;
      let product = 0;
      for (const [i, k] of frequencies.entries()) {
        const phase = ((2 * Math.PI * 1.5) / COMPARED_EDGE) * (x * band.x[k] + y * band.y[k] + z * band.z[k]);
        const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
        const { real, imaginary } = turned[i];
        product += real * (query[k] * cosine - query[band.count + k] * sine);
        product += imaginary * (query[k] * sine + query[band.count + k] * cosine);
      }
      highest = Math.max(highest, product / Math.sqrt(turnedPower * power));
    }
  }
  expect(highest).toBeGreaterThan(0.1);
  expect(Math.abs(correlation - highest)).toBeLessThan(ROUNDING);
});

interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

const scaled = ({ real, imaginary }: Complex, by: number): Complex => ({ real: by * real, imaginary: by * imaginary });

/** Where frequency `k` of a rotated reference was, in finer pixels. */
function before([a, b, c, d, e, f, g, h, i]: Matrix3, k: number): readonly [number, number, number] {
  const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
  return [PADDING * (a * x + d * y + g * z), PADDING * (b * x + e * y + h * z), PADDING * (c * x + f * y + i * z)];
}

/** Linearly between the eight finer pixels around a place; those with negative x are mirror images. */
function interpolated(fine: Float32Array, place: readonly [number, number, number]): Complex {
  const side = place[0] < 0 ? -1 : 1;
  const [x, y, z] = place.map((value) => side * value) as [number, number, number];
  const [ix, iy, iz] = [x, y, z].map(Math.floor) as [number, number, number];
  let [real, imaginary] = [0, 0];
  for (const dx of [0, 1])
    for (const dy of [0, 1])
      for (const dz of [0, 1]) {
        const weight = (1 - Math.abs(x - ix - dx)) * (1 - Math.abs(y - iy - dy)) * (1 - Math.abs(z - iz - dz));
        const at = fineIndex(ix + dx, iy + dy, iz + dz);
        real += weight * fine[at];
        imaginary += weight * side * fine[at + 1];
      }
  return { real, imaginary };
}

/** A value of a few standard deviations is rounded to 7 and 8 bits: 0.001 of the length of both, three times over. */
const ROUNDING = 0.004;
