import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { roundPart } from "./round-part.js";

const EDGE = 32;

/** A box of values that depend on the distance from the centre and on the place. */
function box(value: (radius: number, x: number, y: number, z: number) => number): Float32Array {
  return Float32Array.from({ length: EDGE ** 3 }, (_, at) => {
    const [x, y, z] = [at % EDGE, Math.floor(at / EDGE) % EDGE, Math.floor(at / EDGE / EDGE)].map((i) => i - EDGE / 2);
    return value(Math.hypot(x, y, z), x, y, z);
  });
}

const power = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
const rest = (volume: Float32Array): Float32Array => {
  const round = roundPart(volume, EDGE);
  return volume.map((value, at) => value - round[at]);
};

test("nothing is left of a thin shell, whose profile lies between the voxels", () => {
  const shell = box((radius) => Math.exp(-0.5 * ((radius - 8.4) / 1.2) ** 2));
  expect(power(rest(shell)) / power(shell)).toBeLessThan(1e-3);
});

test("what differs from side to side stays", () => {
  const sided = box((radius, x, y) => (x * y - x) * Math.exp(-0.5 * (radius / 4) ** 2));
  expect(power(roundPart(sided, EDGE)) / power(sided)).toBeLessThan(1e-6);
});

test("of noise it takes as many numbers as its profile has", () => {
  const random = createRandom("round part of noise");
  const noise = box((radius) => (radius < EDGE / 2 ? random.normal() : 0));
  const taken = power(roundPart(noise, EDGE));
  expect(taken).toBeGreaterThan(4);
  expect(taken).toBeLessThan(40); // the expected 16, give or take its standard deviation of 6 four times
});
