import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.js";
import {
  angleBetweenQuaternions,
  multiplyQuaternions,
  quaternionFromAxisAngle,
  randomQuaternion,
} from "../quaternion.js";
import { createRandom } from "../random.js";
import { angleModuloSymmetry } from "./modulo.js";
import { type PointGroupName, parsePointGroup, symmetryOperators } from "./point-group.js";

const ORDERS: readonly (readonly [PointGroupName, number])[] = [
  ["C1", 1],
  ["C14", 14],
  ["D2", 4],
  ["D7", 14],
  ["T", 12],
  ["O", 24],
  ["I1", 60],
  ["I2", 60],
  ["I3", 60],
  ["I4", 60],
];

describe.each(ORDERS)("the group %s", (name, order) => {
  const operators = symmetryOperators(name);

  it(`has ${order} rotations, the identity first, and is closed`, () => {
    expect(operators).toHaveLength(order);
    expect(operators[0]).toEqual({ w: 1, x: 0, y: 0, z: 0 });
    for (const one of operators)
      for (const other of operators.slice(0, 4)) {
        const product = multiplyQuaternions(one, other);
        expect(Math.min(...operators.map((g) => angleBetweenQuaternions(g, product)))).toBeLessThan(1e-3);
      }
  });

  it("tells no orientation from its equivalents", () => {
    const random = createRandom(name);
    const rotation = randomQuaternion(random);
    for (const operator of operators)
      expect(angleModuloSymmetry(multiplyQuaternions(rotation, operator), rotation, operators)).toBeLessThan(1e-3);
    const farther = quaternionFromAxisAngle({ x: 1, y: 2, z: 3 }, 2);
    expect(angleModuloSymmetry(multiplyQuaternions(rotation, farther), rotation, operators)).toBeCloseTo(2, 4);
  });
});

/** As `relion_refine --sym NAME --print_symmetry_ops` of RELION 3.1.3 prints them. */
it.each([
  ["D3", { x: 1, y: 0, z: 0 }, 180],
  ["T", { x: 0, y: 0, z: 1 }, 120],
  ["T", { x: 0, y: 0.81649658, z: 0.57735027 }, 180],
  ["O", { x: 0, y: 0, z: 1 }, 90],
  ["I1", { x: 1, y: 0, z: 0 }, 180],
  ["I1", { x: 0.93417236, y: 0.35682208, z: 0 }, 120],
  ["I2", { x: 0.52573111, y: 0, z: 0.85065081 }, 72],
  ["I2", { x: 0, y: 0.35682208, z: 0.93417236 }, 120],
  ["I3", { x: 0, y: 0, z: 1 }, 72],
  ["I3", { x: -0.49112348, y: 0.35682208, z: 0.79465447 }, 120],
  ["I4", { x: 0.89442719, y: 0, z: 0.4472136 }, 72],
  ["I4", { x: 0.49112348, y: 0.35682208, z: 0.79465447 }, 120],
] as const)("%s has RELION's axis %o of %i degrees", (name, axis, degrees) => {
  const expected = quaternionFromAxisAngle(axis, degrees);
  expect(Math.min(...symmetryOperators(name).map((g) => angleBetweenQuaternions(g, expected)))).toBeLessThan(1e-3);
});

it("reads names as users write them, and refuses others", () => {
  expect(["c4", " D7 ", "i", "I3", "t"].map(parsePointGroup)).toEqual(["C4", "D7", "I2", "I3", "T"]);
  for (const text of ["", "C", "C0", "C61", "D07", "E3", "I5", "C3v"])
    expect(() => parsePointGroup(text)).toThrow(ConfigError);
});
