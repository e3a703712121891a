import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { type Shape3, voxelCount } from "../volume.js";
import { createFftLine } from "./fft-line.js";
import { createFft3 } from "./fft3.js";

const seed = fc.integer({ min: 0, max: 1e6 });
const edge = fc.integer({ min: 1, max: 9 });

function noise(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

function naiveDft(input: Float64Array): Float64Array {
  const n = input.length / 2;
  const output = new Float64Array(2 * n);
  for (let k = 0; k < n; k++)
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * j * k) / n;
      output[2 * k] += input[2 * j] * Math.cos(angle) - input[2 * j + 1] * Math.sin(angle);
      output[2 * k + 1] += input[2 * j] * Math.sin(angle) + input[2 * j + 1] * Math.cos(angle);
    }
  return output;
}

test.each([1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 31, 32, 48, 100])(
  "a line of %i equals the sum that defines it",
  (length) => {
    const input = Float64Array.from(noise(2 * length, length));
    const output = new Float64Array(2 * length);
    createFftLine(length).forward(input, output);
    const expected = naiveDft(input);
    for (let i = 0; i < output.length; i++) expect(output[i]).toBeCloseTo(expected[i], 9);
  },
);

test("a volume's spectrum equals the sum that defines it, at every frequency of the half", () => {
  const shape: Shape3 = [3, 4, 5];
  const [nz, ny, nx] = shape;
  const volume = noise(voxelCount(shape), 1);
  const fft = createFft3(shape);
  const spectrum = fft.createSpectrum();
  fft.forward(volume, spectrum);
  for (let kz = 0; kz < nz; kz++)
    for (let ky = 0; ky < ny; ky++)
      for (let kx = 0; kx < fft.halfWidth; kx++) {
        let [re, im] = [0, 0];
        for (let z = 0; z < nz; z++)
          for (let y = 0; y < ny; y++)
            for (let x = 0; x < nx; x++) {
              const angle = -2 * Math.PI * ((kz * z) / nz + (ky * y) / ny + (kx * x) / nx);
              re += volume[(z * ny + y) * nx + x] * Math.cos(angle);
              im += volume[(z * ny + y) * nx + x] * Math.sin(angle);
            }
        const at = 2 * ((kz * ny + ky) * fft.halfWidth + kx);
        expect(spectrum[at]).toBeCloseTo(re, 9);
        expect(spectrum[at + 1]).toBeCloseTo(im, 9);
      }
});

test("the inverse undoes the transform and power is kept (Parseval), for any shape", () => {
  fc.assert(
    fc.property(edge, edge, edge, seed, (nz, ny, nx, s) => {
      const shape: Shape3 = [nz, ny, nx];
      const volume = noise(voxelCount(shape), s);
      const fft = createFft3(shape);
      const spectrum = fft.createSpectrum();
      fft.forward(volume, spectrum);
      let power = 0;
      for (let i = 0; i < spectrum.length / 2; i++) {
        const kx = i % fft.halfWidth;
        const weight = kx === 0 || 2 * kx === nx ? 1 : 2; // every other column stands for its mirror image too
        power += weight * (spectrum[2 * i] ** 2 + spectrum[2 * i + 1] ** 2);
      }
      const energy = volume.reduce((sum, value) => sum + value * value, 0);
      expect(power / voxelCount(shape) / energy).toBeCloseTo(1, 6);
      const back = new Float32Array(volume.length);
      fft.inverse(spectrum, back);
      for (let i = 0; i < back.length; i++) expect(back[i]).toBeCloseTo(volume[i], 5);
    }),
    { numRuns: 60 },
  );
});

test("arrays that do not fit are refused with the numbers", () => {
  const fft = createFft3([4, 4, 4]);
  expect(() => fft.forward(new Float32Array(63), fft.createSpectrum())).toThrow(
    "a transform of shape [4, 4, 4] takes 64 voxels and 96 spectrum values, got 63 and 96",
  );
});
