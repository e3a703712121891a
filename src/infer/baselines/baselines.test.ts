import { expect, test } from "vitest";
import { createRandom, createVolume, quaternionFromAxisAngle, rotateVolume } from "../../volume/index.js";
import { featureSimilarity, powerSpectra, radialProfiles } from "./rotation-invariant.js";

const EDGE = 32;
const centre = EDGE / 2;

/** A body of a few balls, smooth enough to be rotated. */
function body(seed: number): Float32Array {
  const random = createRandom(seed);
  const data = new Float32Array(EDGE ** 3);
  for (let ball = 0; ball < 4; ball++) {
    const [cz, cy, cx] = [0, 0, 0].map(() => centre + random.uniform(-6, 6)) as [number, number, number];
    const width = random.uniform(2, 4);
    for (let z = 0, i = 0; z < EDGE; z++)
      for (let y = 0; y < EDGE; y++)
        for (let x = 0; x < EDGE; x++, i++)
          data[i]! += Math.exp(-((z - cz) ** 2 + (y - cy) ** 2 + (x - cx) ** 2) / (2 * width ** 2));
  }
  return data;
}

function rotated(data: Float32Array, degrees: number): Float32Array {
  const axis = { x: 0.6, y: 0, z: 0.8 };
  return rotateVolume(createVolume([EDGE, EDGE, EDGE], 10, data), quaternionFromAxisAngle(axis, degrees)).data;
}

/** One after the other, with a little noise: without it the highest frequencies hold nothing but rounding errors. */
function stacked(volumes: readonly Float32Array[]): Float32Array {
  const random = createRandom(3);
  const all = Float32Array.from({ length: volumes.length * EDGE ** 3 }, () => 0.05 * random.normal());
  for (const [i, volume] of volumes.entries()) volume.forEach((value, v) => void (all[i * EDGE ** 3 + v]! += value));
  return all;
}

test("a radial profile is the mean of each shell", () => {
  const ball = new Float32Array(EDGE ** 3);
  ball[(centre * EDGE + centre) * EDGE + centre] = 5;
  const { values, size } = radialProfiles(ball, EDGE);
  expect(size).toBe(16);
  expect(values[0]).toBe(5);
  expect([...values.slice(1)].every((value) => value === 0)).toBe(true);
});

test.each([
  ["radial profiles", radialProfiles],
  ["power spectra", powerSpectra],
])("%s are more like those of the same body, rotated, than those of another", (_, describe) => {
  const copies = [1, 2].flatMap((seed) => [20, 60, 100, 140].map((degrees) => rotated(body(seed), degrees)));
  const similarity = featureSimilarity(describe(stacked(copies), EDGE));
  const mean = (row: number, from: number) =>
    [0, 1, 2, 3].reduce((sum, i) => sum + (from + i === row ? 0 : similarity[row * 8 + from + i]!), 0) / 4;
  for (let row = 0; row < 8; row++) {
    expect(similarity[row * 8 + row]).toBeCloseTo(1, 5);
    expect(mean(row, row < 4 ? 0 : 4)).toBeGreaterThan(mean(row, row < 4 ? 4 : 0) + 0.2);
  }
});
