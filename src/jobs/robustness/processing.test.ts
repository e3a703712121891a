import { expect, test } from "vitest";
import { contrastTransfer, defaultImaging } from "../../simulate/index.js";
import { createRandom, meanAndDeviation, normaliseInPlace } from "../../volume/index.js";
import { type AfterProcessing, createProcessing } from "./processing.js";

const EDGE = 16;
const VOXEL_SIZE_ANGSTROM = 10;
const defocusMicrometre = 6;

const noise = (): Float32Array => {
  const random = createRandom("processing test");
  const volume = Float32Array.from({ length: EDGE ** 3 }, () => random.normal());
  normaliseInPlace(volume);
  return volume;
};

function process(kind: AfterProcessing, input: Float32Array): Float32Array {
  const volume = input.slice();
  const random = createRandom("outliers");
  createProcessing(kind, { edge: EDGE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM })({ volume, defocusMicrometre, random });
  return volume;
}

/** Amplitude of cos(2 pi k x / edge) in a volume. */
function waveAlongX(volume: Float32Array, k: number): number {
  return volume.reduce((sum, value, i) => sum + value * Math.cos((2 * Math.PI * k * (i % EDGE)) / EDGE), 0);
}

const waves = Float32Array.from({ length: EDGE ** 3 }, (_, i) =>
  [2, 6].reduce((sum, k) => sum + Math.cos((2 * Math.PI * k * (i % EDGE)) / EDGE), 0),
);
const contrastAt = (k: number): number =>
  contrastTransfer(k / (EDGE * VOXEL_SIZE_ANGSTROM), { ...defaultImaging, defocusMicrometre });

test("the sign is turned, and turned back", () => {
  const volume = noise();
  const inverted = process("invert", volume);
  expect(inverted[0]).toBeCloseTo(-volume[0]!, 5);
  expect(process("invert", inverted)[5]).toBeCloseTo(volume[5]!, 5);
});

test("phase flipping turns the waves whose contrast is negative, and no others", () => {
  expect(contrastAt(2)).toBeGreaterThan(0);
  expect(contrastAt(6)).toBeLessThan(0); // 27 Å, beyond the first zero at 6 µm
  const flipped = process("phase-flip", waves);
  expect(waveAlongX(flipped, 2)).toBeGreaterThan(0);
  expect(waveAlongX(flipped, 6) / waveAlongX(flipped, 2)).toBeCloseTo(-1, 5);
});

test("deconvolution weighs waves by c / (c^2 + 1 / ratio)", () => {
  const gain = (k: number): number => {
    const ratio = 1000 * Math.exp((-200 * k) / (EDGE * VOXEL_SIZE_ANGSTROM));
    return contrastAt(k) / (contrastAt(k) ** 2 + 1 / ratio);
  };
  const result = process("deconvolution", waves);
  expect(waveAlongX(result, 6) / waveAlongX(result, 2)).toBeCloseTo(gain(6) / gain(2), 4);
});

test("the median removes a lone spike and keeps an edge, across the box's border too", () => {
  const step = Float32Array.from({ length: EDGE ** 3 }, (_, i) => (Math.floor(i / EDGE ** 2) < EDGE / 2 ? 0 : 1));
  const plain = step.slice();
  normaliseInPlace(plain);
  step[0] = 50;
  step[EDGE ** 3 - 1] = -50;
  const filtered = process("median", step);
  for (let i = 0; i < filtered.length; i++) expect(filtered[i]).toBeCloseTo(plain[i]!, 5);
});

test("clipping leaves at most 255 grey values, outliers change at most eight voxels", () => {
  const volume = noise();
  expect(new Set(process("clip", volume)).size).toBeLessThanOrEqual(255);
  const spoilt = process("outliers", volume);
  const { mean, deviation } = meanAndDeviation(volume);
  const high = [...spoilt].filter((value) => Math.abs(value) > 6 * deviation + mean);
  expect(high.length).toBeGreaterThan(0);
  expect(high.length).toBeLessThanOrEqual(8);
});
