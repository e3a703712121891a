import { expect, it } from "vitest";
import { createRandom } from "../volume/index.js";
import { correlateHalves } from "./fsc-of-halves.js";

const EDGE = 32;
const random = createRandom(9);
const radius = (at: number): number =>
  Math.hypot((at % EDGE) - 16, (Math.floor(at / EDGE) % EDGE) - 16, Math.floor(at / EDGE ** 2) - 16);
const blob = Float32Array.from({ length: EDGE ** 3 }, (_, at) => 20 * Math.exp(-(radius(at) ** 2) / 6));
/** Without a soft edge. */
const tightMask = blob.map((_, at) => (radius(at) < 7 ? 1 : 0));
const noisy = () => blob.map((value) => value + random.normal());
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

it("takes out what a mask alone makes alike: its own edge, cut out of a level that both maps have", () => {
  const level = () => blob.map(() => 2 + random.normal());
  const { masked, corrected } = correlateHalves([level(), level()], tightMask, EDGE, createRandom(1));
  const between = (byShell: Float64Array) => mean(byShell.subarray(3, 12));
  expect(between(masked.byShell)).toBeGreaterThan(0.2);
  expect(Math.abs(between(corrected.byShell))).toBeLessThan(0.1); // 1,400 voxels hold no more independent noise
});

it("leaves what both maps hold", () => {
  const { unmasked, masked, corrected } = correlateHalves([noisy(), noisy()], tightMask, EDGE, createRandom(1));
  for (const shell of [1, 2, 3]) {
    expect(corrected.byShell[shell]).toBeGreaterThan(0.95);
    expect(masked.byShell[shell]).toBeGreaterThan(unmasked.byShell[shell] - 0.01);
  }
});

it("randomises nothing of maps that are alike throughout", () => {
  const one = noisy();
  const { corrected, randomisedFromShell } = correlateHalves([one, one], tightMask, EDGE, createRandom(1));
  expect(randomisedFromShell).toBe(17);
  for (const value of corrected.byShell) expect(value).toBeCloseTo(1, 5);
});

it("depends on the seed alone", () => {
  const halves = [noisy(), noisy()] as const;
  const once = () => correlateHalves(halves, tightMask, EDGE, createRandom(3)).corrected.byShell;
  expect(once()).toEqual(once());
});
