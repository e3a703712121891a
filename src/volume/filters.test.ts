import fc from "fast-check";
import { expect, test } from "vitest";
import { createFft3 } from "./fft/fft3.js";
import { flip, wedgePreservingMirrors, wedgePreservingRotations } from "./flip.js";
import { gaussianFilterInPlace } from "./gaussian.js";
import { quaternionFromAxisAngle } from "./quaternion.js";
import { createRandom } from "./random.js";
import { rotateVolume } from "./rotate.js";
import { meanAndDeviation, normaliseEachInPlace, normaliseInPlace } from "./statistics.js";
import { createVolume, type Shape3, voxelCount } from "./volume.js";
import { wedgeMask } from "./wedge.js";

function noise(shape: Shape3, seed: number): Float32Array {
  return Float32Array.from({ length: voxelCount(shape) }, createRandom(seed).normal);
}

test("a wedge of 60 degrees keeps the planes of its tilts and loses the beam direction", () => {
  const n = 32;
  const width = n / 2 + 1;
  const mask = wedgeMask([n, n, n], 60);
  const at = (z: number, y: number, x: number) => mask[(((z + n) % n) * n + ((y + n) % n)) * width + x];
  expect(at(0, 0, 0)).toBe(1);
  expect(at(0, 9, 0)).toBe(1); // the tilt axis is in every image
  expect(at(5, 0, 0)).toBe(0); // along the beam
  expect(at(17 - n, 0, 9)).toBe(1); // tan 60 * 9 = 15.6 and half a pixel: -15 is inside
  expect(at(14, 3, 8)).toBe(1); // tan 60 * 8 = 13.86 + 0.5
  expect(at(15, 3, 8)).toBe(0);
  const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
  // In the plane of kx and kz the unsampled part of the square is two triangles: 1/2 * 1/tan(60) = 28.9 %.
  expect(share).toBeGreaterThan(1 - 0.289);
  expect(share).toBeLessThan(1 - 0.289 + 0.05);
});

test("an asymmetric series samples one side only", () => {
  const n = 16;
  const width = n / 2 + 1;
  const mask = wedgeMask([n, n, n], [0, 60]);
  expect(mask[4 * n * width + 4]).toBe(1); // kz = +kx: tilt 45
  expect(mask[(n - 4) * n * width + 4]).toBe(0); // kz = -kx: tilt -45
  expect(wedgeMask([n, n, n], 90).every((value) => value === 1)).toBe(true);
  expect(() => wedgeMask([n, n, n], [40, 20])).toThrow("a tilt range from 40 to 20 degrees is impossible");
});

test("what a wedge keeps is the spectrum of a real volume", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 12 }),
      fc.integer({ min: -70, max: 0 }),
      fc.integer({ min: 1, max: 70 }),
      (n, low, high) => {
        const shape: Shape3 = [n, n, n];
        const fft = createFft3(shape);
        const mask = wedgeMask(shape, [low, high]);
        const volume = noise(shape, n);
        const apply = (source: Float32Array) => {
          const spectrum = fft.createSpectrum();
          fft.forward(source, spectrum);
          for (let i = 0; i < spectrum.length; i++) spectrum[i] *= mask[i >> 1];
          const result = new Float32Array(source.length);
          fft.inverse(spectrum, result);
          return result;
        };
        // Were a frequency kept without its mirror image, a second pass would change the volume again.
        const once = apply(volume);
        apply(once).forEach((value, i) => {
          expect(value).toBeCloseTo(once[i], 5);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test("every wedge-preserving rotation is the half turn it says, in an odd box where both have the same centre", () => {
  const shape: Shape3 = [9, 9, 9];
  const volume = createVolume(shape, 10, noise(shape, 1));
  const axes = [undefined, { x: 1, y: 0, z: 0 }, { x: 0, y: 1, z: 0 }, { x: 0, y: 0, z: 1 }];
  wedgePreservingRotations.forEach((flips, i) => {
    const flipped = new Float32Array(voxelCount(shape));
    flip(volume.data, flipped, shape, flips);
    const turned = axes[i] ? rotateVolume(volume, quaternionFromAxisAngle(axes[i], 180)) : volume;
    flipped.forEach((value, v) => {
      expect(value).toBeCloseTo(turned.data[v], 5);
    });
  });
});

test("flips undo themselves, move every voxel once, and mirrors differ from rotations by one axis", () => {
  const shape: Shape3 = [2, 3, 4];
  const source = Uint8Array.from({ length: 24 }, (_, i) => i);
  for (const axes of [...wedgePreservingRotations, ...wedgePreservingMirrors]) {
    const once = new Uint8Array(24);
    const twice = new Uint8Array(24);
    flip(source, once, shape, axes);
    flip(once, twice, shape, axes);
    expect(twice).toEqual(source);
    expect(once.slice().sort()).toEqual(source);
  }
  const parity = ({ x, y, z }: { x: boolean; y: boolean; z: boolean }) => (Number(x) + Number(y) + Number(z)) % 2;
  expect(wedgePreservingRotations.map(parity)).toEqual([0, 0, 0, 0]);
  expect(wedgePreservingMirrors.map(parity)).toEqual([1, 1, 1, 1]);
});

test("a Gaussian blur spreads a point into a Gaussian of that width and keeps its sum", () => {
  const shape: Shape3 = [15, 17, 19];
  const data = new Float32Array(voxelCount(shape));
  const index = (z: number, y: number, x: number) => (z * 17 + y) * 19 + x;
  data[index(7, 8, 9)] = 1;
  gaussianFilterInPlace(data, shape, 1.2);
  expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  const peak = data[index(7, 8, 9)];
  expect(data[index(9, 8, 9)] / peak).toBeCloseTo(Math.exp(-4 / (2 * 1.2 ** 2)), 4);
  expect(data[index(7, 9, 9)] / peak).toBeCloseTo(Math.exp(-1 / (2 * 1.2 ** 2)), 4);
  expect(data[index(6, 8, 11)] / peak).toBeCloseTo(Math.exp(-5 / (2 * 1.2 ** 2)), 4);
});

test("statistics: known values, and normalisation gives zero mean and unit deviation", () => {
  expect(meanAndDeviation(Float32Array.of(1, 2, 3, 6))).toEqual({ mean: 3, deviation: Math.sqrt(3.5) });
  const values = noise([4, 5, 6], 3).map((value) => 1e4 + 50 * value);
  normaliseInPlace(values);
  const { mean, deviation } = meanAndDeviation(values);
  expect(mean).toBeCloseTo(0, 5);
  expect(deviation).toBeCloseTo(1, 5);
  const flat = new Float32Array(8).fill(3);
  normaliseInPlace(flat);
  expect(flat).toEqual(new Float32Array(8));
});

test("values that are normalised together become those that each alone becomes", () => {
  const [count, length] = [7, 60]; // four together, three alone
  const values = noise([count, 6, 10], 8).map((value, i) => 3 * Math.floor(i / length) + value);
  const alone = values.slice();
  normaliseEachInPlace(values, length);
  for (let i = 0; i < count; i++) normaliseInPlace(alone.subarray(i * length, (i + 1) * length));
  expect(values).toEqual(alone);
});
