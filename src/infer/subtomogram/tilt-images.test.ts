import { describe, expect, test } from "vitest";
import { ShapeError } from "../../errors.js";
import {
  type ContrastTransfer,
  centreIndex,
  contrastTransferFunction,
  createFft3,
  exposureWeight,
  type Matrix3,
  multiplyQuaternions,
  quaternionFromAxisAngle,
  quaternionToMatrix,
  type Vector3,
} from "../../volume/index.js";
import { createSubtomogramMaker } from "../align/subtomogram.js";
import { boxOfTilts, subtomogramOfTilts, type TiltImages } from "./tilt-images.js";
import { tomogramTransfer } from "./tomogram-transfer.js";

const EDGE = 24;
const VOXEL = 8;
/** Three blobs that no mirror brings back. */
const BLOBS: readonly Vector3[] = [
  { x: 4, y: 1, z: -5 },
  { x: -3, y: 4, z: 4 },
  { x: -2, y: -4, z: 5 },
];
const WIDTH = 1.6;

/** Linear interpolation weakens what is far from the centre: here at half of the box's radius. */
const [LEAST_CORRELATION, MOST_WEAKENED] = [0.985, 0.25];

const transfer = (scale: number): ContrastTransfer => ({
  ...{ kilovolt: 300, sphericalAberrationMillimetre: 2.7, amplitudeContrast: 0.07, scale },
  ...{ defocusUAngstrom: 20000, defocusVAngstrom: 18000, defocusAngleDegrees: 30 },
});

/** About y, with an axis that is turned in the image by 20 degrees. */
function rotationAt(degrees: number): Matrix3 {
  const tilt = quaternionFromAxisAngle({ x: 0, y: 1, z: 0 }, degrees);
  return quaternionToMatrix(multiplyQuaternions(quaternionFromAxisAngle({ x: 0, y: 0, z: 1 }, 20), tilt));
}

/** An image of the blobs: what is at r in the tomogram is at (first row r, second row r). */
function projection([a, b, c, d, e, f]: Matrix3): Float32Array {
  const pixels = new Float32Array(EDGE * EDGE);
  for (const { x, y, z } of BLOBS) {
    const [u, v] = [a * x + b * y + c * z, d * x + e * y + f * z];
    for (let row = 0; row < EDGE; row++)
      for (let column = 0; column < EDGE; column++) {
        const squared = (column - centreIndex(EDGE) - u) ** 2 + (row - centreIndex(EDGE) - v) ** 2;
        pixels[row * EDGE + column] += Math.exp(-squared / (2 * WIDTH ** 2)) * WIDTH * Math.sqrt(2 * Math.PI);
      }
  }
  return pixels;
}

/** The image times its contrast transfer, once or more. */
function transferred(pixels: Float32Array, ctf: ContrastTransfer, exposure: number, power: number): Float32Array {
  const fft = createFft3([1, EDGE, EDGE]);
  const spectrum = fft.createSpectrum();
  fft.forward(pixels, spectrum);
  const at = contrastTransferFunction(ctf);
  const step = 1 / (EDGE * VOXEL);
  for (let row = 0; row < EDGE; row++)
    for (let u = 0; u < fft.halfWidth; u++) {
      const v = row <= EDGE / 2 ? row : row - EDGE;
      const factor = (at(u * step, v * step) * exposureWeight(Math.hypot(u, v) * step, exposure)) ** power;
      spectrum[2 * (row * fft.halfWidth + u)] *= factor;
      spectrum[2 * (row * fft.halfWidth + u) + 1] *= factor;
    }
  const image = new Float32Array(pixels.length);
  fft.inverse(spectrum, image);
  return image;
}

function tilts({ power, isPremultiplied }: { power: number; isPremultiplied: boolean }): TiltImages {
  const degrees = Array.from({ length: 41 }, (_, i) => -60 + 3 * i);
  const images = degrees.map((degree, i) => {
    const [ctf, exposure, rotation] = [transfer(Math.cos((degree * Math.PI) / 180)), 2 * i, rotationAt(degree)];
    const pixels = transferred(projection(rotation), ctf, exposure, power);
    return { pixels, rotation, transfer: ctf, exposure };
  });
  return { edge: EDGE, pixelSizeAngstrom: VOXEL, images, isPremultiplied };
}

function density(): Float32Array {
  const box = new Float32Array(EDGE ** 3);
  const c = centreIndex(EDGE);
  for (let z = 0, at = 0; z < EDGE; z++)
    for (let y = 0; y < EDGE; y++)
      for (let x = 0; x < EDGE; x++, at++)
        for (const blob of BLOBS)
          box[at] += Math.exp(
            -((x - c - blob.x) ** 2 + (y - c - blob.y) ** 2 + (z - c - blob.z) ** 2) / (2 * WIDTH ** 2),
          );
  return box;
}

describe("a particle's tilt images", () => {
  const whole = new Float32Array(EDGE * EDGE * (EDGE / 2 + 1)).fill(1);
  const truth = createSubtomogramMaker(EDGE)(density(), whole);

  test.each([
    ["multiplied by their contrast transfer", { power: 2, isPremultiplied: true }],
    ["as they were taken", { power: 1, isPremultiplied: false }],
  ])("%s sum up to the density's spectrum times the weight", (_, how) => {
    const { spectrum, weight } = subtomogramOfTilts(tilts(how));
    let [product, own, wanted] = [0, 0, 0];
    for (let at = 0; at < weight.length; at++)
      for (const part of [2 * at, 2 * at + 1]) {
        const expected = weight[at] * truth.spectrum[part];
        product += spectrum[part] * expected;
        own += spectrum[part] ** 2;
        wanted += expected ** 2;
      }
    expect(product / Math.sqrt(own * wanted)).toBeGreaterThan(LEAST_CORRELATION);
    expect(Math.abs(product / wanted - 1)).toBeLessThan(MOST_WEAKENED);
  });

  test("sum up, unweighted, to a tomogram's box: the density's spectrum times the tomogram's contrast transfer", () => {
    const taken = tilts({ power: 1, isPremultiplied: false });
    const images = taken.images.map((image) => ({ ...image, transfer: transfer(1), exposure: 0 }));
    const projected = images.map((image) => ({
      ...image,
      pixels: transferred(projection(image.rotation), image.transfer, 0, 1),
      transfer: undefined,
    }));
    const { spectrum, weight } = subtomogramOfTilts({ ...taken, images: projected });
    const amplitude = tomogramTransfer(EDGE, VOXEL, images);
    let [product, own, wanted] = [0, 0, 0];
    for (let at = 0; at < weight.length; at++) {
      if (weight[at] < 0.5) continue;
      for (const part of [2 * at, 2 * at + 1]) {
        const [value, expected] = [spectrum[part] / weight[at], amplitude[at] * truth.spectrum[part]];
        product += value * expected;
        own += value ** 2;
        wanted += expected ** 2;
      }
    }
    // Half-measured grid points count as much as any here.
    expect(product / Math.sqrt(own * wanted)).toBeGreaterThan(0.95);
  });

  test("nothing is measured in the missing wedge", () => {
    const { weight } = subtomogramOfTilts(tilts({ power: 2, isPremultiplied: true }));
    const at = (x: number, z: number) => weight[z * EDGE * (EDGE / 2 + 1) + x];
    expect(at(0, 8)).toBe(0);
    expect(at(8, 0)).toBeGreaterThan(0.1);
  });

  test("become a box with the blobs where they are", () => {
    const { data, voxelSizeAngstrom } = boxOfTilts(tilts({ power: 2, isPremultiplied: true }));
    expect(voxelSizeAngstrom).toBe(VOXEL);
    const c = centreIndex(EDGE);
    const at = ({ x, y, z }: Vector3) => data[((c + z) * EDGE + c + y) * EDGE + c + x];
    const least = Math.min(...BLOBS.map(at));
    expect(least).toBeGreaterThan(0);
    for (const { x, y, z } of BLOBS) {
      expect(at({ x: -x, y, z })).toBeLessThan(0.7 * least);
      expect(at({ x, y, z: -z })).toBeLessThan(0.7 * least);
    }
  });

  test("of unknown contrast transfer count as they are; of scale 0 not at all", () => {
    const some = tilts({ power: 1, isPremultiplied: false });
    const unknown = { ...some, images: some.images.map((image) => ({ ...image, transfer: undefined, exposure: 0 })) };
    expect(subtomogramOfTilts(unknown).weight[EDGE / 4]).toBeGreaterThan(0);
    const without = { ...some, images: some.images.map((image) => ({ ...image, transfer: transfer(0) })) };
    expect(subtomogramOfTilts(without).weight.every((value) => value === 0)).toBe(true);
  });

  test("of another size than the edge are refused", () => {
    const { images, ...rest } = tilts({ power: 2, isPremultiplied: true });
    expect(() => subtomogramOfTilts({ ...rest, edge: EDGE + 2, images })).toThrow(ShapeError);
  });
});
