import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.js";
import { createRandom } from "../../volume/index.js";
import { distanceBeyond } from "./distance.js";
import { automaticMask, softMask } from "./soft-mask.js";

const EDGE = 24;
const random = createRandom(6);
const radius = (at: number): number =>
  Math.hypot((at % EDGE) - 12, (Math.floor(at / EDGE) % EDGE) - 12, Math.floor(at / EDGE ** 2) - 12);
const ball = Float32Array.from({ length: EDGE ** 3 }, (_, at) => (radius(at) <= 5 ? 1 : 0));

it("measures distances as looking at every pair of voxels does", () => {
  const edge = 9;
  const inside = Uint8Array.from({ length: edge ** 3 }, () => (random.next() < 0.02 ? 1 : 0));
  const place = (at: number) => [at % edge, Math.floor(at / edge) % edge, Math.floor(at / edge ** 2)];
  const marked = [...inside.keys()].filter((at) => inside[at] === 1).map(place);
  const distances = distanceBeyond(inside, edge);
  for (const [at, distance] of distances.entries()) {
    const [x, y, z] = place(at);
    expect(distance).toBeCloseTo(Math.min(...marked.map(([a, b, c]) => Math.hypot(a - x, b - y, c - z))), 4);
  }
});

it("is infinitely far from nothing", () => {
  expect(distanceBeyond(new Uint8Array(27), 3).every((distance) => distance === Infinity)).toBe(true);
});

describe("a soft mask", () => {
  it("is 1 to the extended surface, half in the middle of its edge and 0 beyond", () => {
    const mask = softMask(ball, EDGE, { threshold: 0.5, extendVoxels: 2, fadeVoxels: 4 });
    for (const [at, value] of mask.entries()) {
      if (radius(at) <= 6.5) expect(value).toBe(1);
      if (radius(at) >= 11.5) expect(value).toBe(0);
    }
    const onAxis = (offset: number) => mask[(12 * EDGE + 12) * EDGE + 12 + offset];
    expect([7, 8, 9, 10, 11].map(onAxis)).toEqual([1, 0.853553, 0.5, 0.146447, 0].map((v) => expect.closeTo(v, 5)));
  });

  it("by itself is around a particle in noise, and refuses a map without one", () => {
    const noise = ball.map(() => 0.2 * random.normal());
    const mask = automaticMask(
      ball.map((value, at) => value + noise[at]),
      EDGE,
      { extendVoxels: 1, fadeVoxels: 2 },
    );
    const within = (low: number, high: number) => mask.filter((_, at) => radius(at) >= low && radius(at) < high);
    expect(within(0, 5).every((value) => value === 1)).toBe(true);
    expect(within(10, 30).every((value) => value === 0)).toBe(true);
    expect(() => automaticMask(new Float32Array(EDGE ** 3), EDGE)).toThrow(ConfigError);
  });

  it("refuses a threshold that nothing reaches", () => {
    expect(() => softMask(ball, EDGE, { threshold: 2 })).toThrow(/largest value is 1/);
  });
});
