import fc from "fast-check";
import { expect, test } from "vitest";
import {
  angleBetweenQuaternions,
  conjugateQuaternion,
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionFromMatrix,
  quaternionToMatrix,
  randomQuaternion,
  rotateVector,
} from "./quaternion.js";
import { createRandom } from "./random.js";
import { rotateVolume } from "./rotate.js";
import { createVolume, type Vector3, type Volume } from "./volume.js";

const quaternion = fc.integer({ min: 0, max: 1e6 }).map((seed) => randomQuaternion(createRandom(seed)));
const coordinate = fc.double({ min: -100, max: 100, noNaN: true });
const vector = fc.record({ x: coordinate, y: coordinate, z: coordinate });

function expectClose(actual: Vector3, expected: Vector3, digits = 9) {
  expect(actual.x).toBeCloseTo(expected.x, digits);
  expect(actual.y).toBeCloseTo(expected.y, digits);
  expect(actual.z).toBeCloseTo(expected.z, digits);
}

test("turns are right-handed: a quarter turn about z takes x to y, about x takes y to z", () => {
  const quarter = (axis: Vector3) => quaternionFromAxisAngle(axis, 90);
  expectClose(rotateVector(quarter({ x: 0, y: 0, z: 5 }), { x: 1, y: 0, z: 0 }), { x: 0, y: 1, z: 0 });
  expectClose(rotateVector(quarter({ x: 2, y: 0, z: 0 }), { x: 0, y: 1, z: 0 }), { x: 0, y: 0, z: 1 });
  expectClose(rotateVector(quarter({ x: 0, y: 1, z: 0 }), { x: 0, y: 0, z: 1 }), { x: 1, y: 0, z: 0 });
});

test("a product turns by the second factor first, and the conjugate turns back", () => {
  fc.assert(
    fc.property(quaternion, quaternion, vector, (p, q, v) => {
      expectClose(rotateVector(multiplyQuaternions(p, q), v), rotateVector(p, rotateVector(q, v)));
      expectClose(rotateVector(conjugateQuaternion(q), rotateVector(q, v)), v);
    }),
  );
});

test("a quaternion survives its matrix, half turns included", () => {
  const halfTurns = [0, 1, 2].map((axis) =>
    quaternionFromAxisAngle({ x: Number(axis === 0), y: Number(axis === 1), z: Number(axis === 2) }, 180),
  );
  fc.assert(
    fc.property(fc.oneof(quaternion, fc.constantFrom(...halfTurns)), (q) => {
      expect(angleBetweenQuaternions(quaternionFromMatrix(quaternionToMatrix(q)), q)).toBeLessThan(1e-5);
    }),
  );
});

test("the angle between orientations is the angle of the turn between them", () => {
  fc.assert(
    fc.property(quaternion, fc.double({ min: 0.01, max: 180, noNaN: true }), (q, angle) => {
      const turned = multiplyQuaternions(quaternionFromAxisAngle({ x: 1, y: -2, z: 3 }, angle), q);
      expect(angleBetweenQuaternions(turned, q)).toBeCloseTo(angle, 4);
    }),
  );
});

test("random orientations are uniform: every axis points evenly everywhere", () => {
  const random = createRandom("uniform");
  const count = 20_000;
  const sums = { mean: 0, square: 0, trace: 0 };
  for (let i = 0; i < count; i++) {
    const matrix = quaternionToMatrix(randomQuaternion(random));
    sums.mean += matrix[2] / count;
    sums.square += matrix[2] ** 2 / count;
    sums.trace += (matrix[0] + matrix[4] + matrix[8]) / count;
  }
  const tolerance = 4 / Math.sqrt(count); // four standard errors of a quantity of variance below 1
  expect(Math.abs(sums.mean)).toBeLessThan(tolerance);
  expect(Math.abs(sums.square - 1 / 3)).toBeLessThan(tolerance);
  expect(Math.abs(sums.trace)).toBeLessThan(tolerance);
});

/** Three Gaussian balls of different heights, in no plane of symmetry with the centre: it has a hand. */
function chiral(n: number): Volume {
  const volume = createVolume([n, n, n], 10);
  const centre = Math.floor(n / 2);
  const balls = [
    { x: 5, y: 0, z: 0, height: 1 },
    { x: 0, y: 4, z: 0, height: 2 },
    { x: 0, y: 0, z: 3, height: 3 },
  ];
  for (let z = 0, at = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, at++)
        for (const b of balls) {
          const square = (x - centre - b.x) ** 2 + (y - centre - b.y) ** 2 + (z - centre - b.z) ** 2;
          volume.data[at] += b.height * Math.exp(-square / (2 * 1.6 ** 2));
        }
  return volume;
}

/** Where the chiral object's ball of height 1 should come to; the others follow in the same frame. */
function value(volume: Volume, { x, y, z }: Vector3): number {
  const [, ny, nx] = volume.shape;
  const centre = Math.floor(nx / 2);
  return volume.data[(Math.round(z + centre) * ny + Math.round(y + centre)) * nx + Math.round(x + centre)];
}

test.each([20, 21])(
  "a quarter turn of a chiral object in a box of %i moves its parts, not their mirror images",
  (n) => {
    const turned = rotateVolume(chiral(n), quaternionFromAxisAngle({ x: 0, y: 0, z: 1 }, 90));
    expect(value(turned, { x: 0, y: 5, z: 0 })).toBeCloseTo(value(chiral(n), { x: 5, y: 0, z: 0 }), 5);
    expect(value(turned, { x: -4, y: 0, z: 0 })).toBeCloseTo(value(chiral(n), { x: 0, y: 4, z: 0 }), 5);
    expect(value(turned, { x: 0, y: 0, z: 3 })).toBeCloseTo(value(chiral(n), { x: 0, y: 0, z: 3 }), 5);
  },
);

test("the shift moves what has been turned", () => {
  const options = { shiftVoxels: { x: 1, y: -2, z: 3 } };
  const moved = rotateVolume(chiral(24), quaternionFromAxisAngle({ x: 0, y: 0, z: 1 }, 90), options);
  expect(value(moved, { x: 1, y: 3, z: 3 })).toBeCloseTo(value(chiral(24), { x: 5, y: 0, z: 0 }), 5);
});

test.each([
  { interpolation: "linear", worst: 0.88 }, // two passes of at most h^2 / 8 times the curvature 3 / 1.6^2, on three axes
  { interpolation: "cubic", worst: 0.12 },
] as const)("turning there and back gives the volume again ($interpolation)", ({ interpolation, worst }) => {
  const volume = chiral(24);
  const rotation: Quaternion = randomQuaternion(createRandom(5));
  const there = rotateVolume(volume, rotation, { interpolation });
  const back = rotateVolume(there, conjugateQuaternion(rotation), { interpolation });
  let difference = 0;
  for (let i = 0; i < volume.data.length; i++)
    difference = Math.max(difference, Math.abs(volume.data[i] - back.data[i]));
  expect(difference).toBeLessThan(worst);
  expect(difference).toBeGreaterThan(0);
});
