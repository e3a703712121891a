import { describe, expect, test } from "vitest";
import { centreWidthVoxels, createDetectorBatches } from "./detector-patches.js";
import { BLUR_SIGMAS_VOXELS, STEPS_PER_DEVIATION, type TrainingSpecimen } from "./specimen.js";

/** Balls at known places in a volume of three different lengths; noise-free it is the balls themselves. */
function ballSpecimen(): TrainingSpecimen {
  const shape = [30, 34, 38] as const;
  const balls = [
    { x: 8, y: 9.5, z: 7, radius: 4 },
    { x: 25.25, y: 10, z: 20, radius: 5 },
    { x: 14, y: 25, z: 17.5, radius: 3 },
  ];
  const instances = new Uint16Array(30 * 34 * 38);
  for (let z = 0, at = 0; z < 30; z++)
    for (let y = 0; y < 34; y++)
      for (let x = 0; x < 38; x++, at++)
        instances[at] = 1 + balls.findIndex((ball) => Math.hypot(x - ball.x, y - ball.y, z - ball.z) <= ball.radius);
  return {
    shape,
    noiseFree: Int16Array.from(instances, (inside) => (inside ? 3 : 0) * STEPS_PER_DEVIATION),
    noise: new Int16Array(instances.length),
    instances,
    centres: Float32Array.from(balls.flatMap(({ x, y, z, radius }) => [x, y, z, radius])),
    classes: new Uint16Array(balls.length),
    boxVariance: 1,
    blurred: { noiseFree: BLUR_SIGMAS_VOXELS.map(() => 1), noise: BLUR_SIGMAS_VOXELS.map(() => 1) },
  };
}

const options = { seed: 5, patches: 8, edge: 24 };
const CELLS = 12;

/** All maxima of a heat map that nearly reach 1: cells whose centre is next to a particle's. */
function hotCells(centres: Float32Array, patch: number): { z: number; y: number; x: number }[] {
  const found = [];
  for (let z = 0, at = patch * CELLS ** 3; z < CELLS; z++)
    for (let y = 0; y < CELLS; y++)
      for (let x = 0; x < CELLS; x++, at++) if (centres[at] > 0.8) found.push({ z, y, x });
  return found;
}

const equal = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => value === b[i]);

describe("patches for the detector", () => {
  test("are a function of seed and step", () => {
    const specimens = [ballSpecimen()];
    const few = { ...options, patches: 2 };
    const one = createDetectorBatches(few, specimens);
    const other = createDetectorBatches(few, specimens);
    other(0);
    const third = one(3);
    const again = other(3);
    for (const part of ["volumes", "particles", "centres", "logRadii"] as const)
      expect(equal(again[part], third[part])).toBe(true);
    expect(equal(one(4).volumes, third.volumes)).toBe(false);
    expect(equal(createDetectorBatches({ ...few, seed: 6 }, specimens)(3).volumes, third.volumes)).toBe(false);
  });

  test("keep centres, masks and density together however they are turned and mirrored", () => {
    const draw = createDetectorBatches(options, [ballSpecimen()]);
    let seen = 0;
    let contrast = 0;
    for (let step = 0; step < 6; step++) {
      const { volumes, particles, centres } = draw(step);
      for (let patch = 0; patch < options.patches; patch++) {
        const voxel = (z: number, y: number, x: number): number => ((patch * 24 + z) * 24 + y) * 24 + x;
        for (const { z, y, x } of hotCells(centres, patch)) {
          seen++;
          // The cell's eight voxels and their neighbours lie within the smallest ball.
          for (const dz of [0, 1])
            for (const dy of [0, 1])
              for (const dx of [0, 1]) expect(particles[voxel(2 * z + dz, 2 * y + dy, 2 * x + dx)]).toBe(1);
          contrast += volumes[voxel(2 * z, 2 * y, 2 * x)];
        }
      }
    }
    expect(seen).toBeGreaterThan(40);
    expect(contrast / seen).toBeGreaterThan(0.5); // noise averages out, density does not
  });

  test("mark each particle by a Gaussian as wide as a quarter of its radius, and tell its radius there", () => {
    expect(centreWidthVoxels(12)).toBe(3);
    expect(centreWidthVoxels(2)).toBe(1.5);
    const { centres, logRadii } = createDetectorBatches(options, [ballSpecimen()])(1);
    const radii = new Set(
      [...centres].flatMap((value, at) => (value > 0.3 ? [Math.exp(logRadii[at]).toFixed(3)] : [])),
    );
    expect([...radii].every((radius) => ["4.000", "5.000", "3.000"].includes(radius))).toBe(true);
    expect(radii.size).toBeGreaterThan(1);
    expect(Math.max(...centres)).toBeLessThanOrEqual(1);
  });

  test("come at every strength of noise, standardised", () => {
    const specimen = ballSpecimen();
    const white = createDetectorBatches({ ...options, patches: 64 }, [specimen])(0);
    const deviations = Array.from({ length: 64 }, (_, patch) => {
      const values = white.volumes.subarray(patch * 24 ** 3, (patch + 1) * 24 ** 3);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    });
    // Patches of white noise alone have deviation 1 within the drawn contrast; those of little signal have less.
    expect(deviations.filter((deviation) => deviation > 0.75 && deviation < 1.3).length).toBeGreaterThan(8);
    expect(deviations.every((deviation) => deviation < 3)).toBe(true);
  });
});
