import { expect, test } from "vitest";
import type { TrainingSpecimen } from "./specimen.js";
import { STEPS_PER_DEVIATION } from "./specimen.js";
import { createSpecimenBatches } from "./specimen-batches.js";

const EDGE = 16;
const VOXELS = EDGE ** 3;

/** Two balls of each of three classes, which differ by their radius; one lies at the border, where its box reaches beyond. */
function ballSpecimen(): TrainingSpecimen {
  const shape = [40, 44, 48] as const;
  const balls = [
    { x: 10, y: 10, z: 10, radius: 2, label: 0 },
    { x: 30, y: 12, z: 28, radius: 2, label: 0 },
    { x: 12, y: 32, z: 12, radius: 3, label: 1 },
    { x: 34, y: 34, z: 14, radius: 3, label: 1 },
    { x: 12, y: 12, z: 32, radius: 4, label: 2 },
    { x: 42, y: 36, z: 33, radius: 4, label: 2 },
    { x: 24, y: 22, z: 20, radius: 4, label: 3 }, // alone of its class: it has no second view
  ];
  const instances = new Uint16Array(40 * 44 * 48);
  for (let z = 0, at = 0; z < 40; z++)
    for (let y = 0; y < 44; y++)
      for (let x = 0; x < 48; x++, at++)
        instances[at] = 1 + balls.findIndex((ball) => Math.hypot(x - ball.x, y - ball.y, z - ball.z) <= ball.radius);
  return {
    shape,
    noiseFree: Int16Array.from(instances, (inside) => (inside ? 3 : 0) * STEPS_PER_DEVIATION),
    noise: Int16Array.from(instances, (_, i) => ((i * 7919) % 2001) - 1000),
    instances,
    centres: Float32Array.from(balls.flatMap(({ x, y, z, radius }) => [x, y, z, radius])),
    classes: Uint16Array.from(balls, ({ label }) => label),
    boxVariance: 0.5,
    blurred: { noiseFree: [], noise: [] },
  };
}

const options = { seed: 3, classes: 3, shots: 1, edge: EDGE };
const ballVoxels = (radius: number): number => {
  let count = 0;
  for (let z = -6; z <= 6; z++)
    for (let y = -6; y <= 6; y++) for (let x = -6; x <= 6; x++) if (Math.hypot(x, y, z) <= radius) count++;
  return count;
};

test("both views of a class show it near the centre, under its own mask", () => {
  const draw = createSpecimenBatches(options, [ballSpecimen()]);
  const sizes = [2, 3, 4].map(ballVoxels);
  for (let step = 0; step < 12; step++) {
    const { volumes, masks } = draw(step);
    const counts = Array.from({ length: 6 }, (_, view) =>
      masks.subarray(view * VOXELS, (view + 1) * VOXELS).reduce((sum, value) => sum + value, 0),
    );
    expect(counts.slice(0, 3)).toEqual(counts.slice(3));
    expect([...counts.slice(0, 3)].sort((a, b) => a - b)).toEqual(sizes);
    for (let view = 0; view < 6; view++) {
      const box = volumes.subarray(view * VOXELS, (view + 1) * VOXELS);
      const mask = masks.subarray(view * VOXELS, (view + 1) * VOXELS);
      const mean = (inside: number) => {
        const values = box.filter((_, i) => mask[i] === inside);
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      };
      expect(mean(1)).toBeGreaterThan(mean(0));
      const squares = box.reduce((sum, value) => sum + value * value, 0) / VOXELS;
      expect(squares).toBeCloseTo(1, 3);
      const centroid = [0, 1, 2].map((axis) => {
        const stride = EDGE ** axis;
        let sum = 0;
        for (let i = 0; i < VOXELS; i++) sum += mask[i] * (Math.floor(i / stride) % EDGE);
        return sum / counts[view];
      });
      // Moved by 3 voxels at most, rounded; a half turn moves the centre of an even box by one more.
      for (const coordinate of centroid) expect(Math.abs(coordinate - 7.5)).toBeLessThanOrEqual(3.6);
    }
  }
});

test("a batch is a function of seed and step, and no two are alike", () => {
  const specimens = [ballSpecimen()];
  const draw = createSpecimenBatches(options, specimens);
  draw(0);
  const again = createSpecimenBatches(options, specimens)(5);
  expect(draw(5)).toEqual(again);
  expect(draw(6).volumes).not.toEqual(again.volumes);
  expect(createSpecimenBatches({ ...options, seed: 4 }, specimens)(5).volumes).not.toEqual(again.volumes);
});

test("classes are taken from several specimens when one has too few, and it says so when all have", () => {
  const specimens = [ballSpecimen(), ballSpecimen()];
  const { masks } = createSpecimenBatches({ ...options, classes: 5 }, specimens)(0);
  for (let view = 0; view < 10; view++)
    expect(masks.subarray(view * VOXELS, (view + 1) * VOXELS).some((value) => value === 1)).toBe(true);
  expect(() => createSpecimenBatches({ ...options, classes: 7 }, specimens)).toThrow(
    "hold only 6 classes of 2 particles or more, 7 are needed",
  );
});
