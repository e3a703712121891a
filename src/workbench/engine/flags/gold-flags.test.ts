import { expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import { densest, isGold } from "./gold-flags.js";

const EDGE = 9;
const COUNT = 40;

/** Noise with particles in it, and gold in two of the boxes. */
function thumbnails(sign: 1 | -1) {
  const random = createRandom("gold");
  const values = Float32Array.from({ length: COUNT * 3 * EDGE ** 2 }, () => random.normal());
  for (let i = 0; i < COUNT; i++) values[i * 3 * EDGE ** 2 + 40] = sign * (i % 20 === 7 ? 60 : 5 + random.normal());
  values[5] = Number.NaN;
  return { edgeVoxels: EDGE, values };
}

test.each([
  ["dark", -1],
  ["bright", 1],
] as const)("gold stands out of particles, where protein is %s", (contrast, sign) => {
  const onGold = isGold(densest(thumbnails(sign), contrast === "dark"));
  expect(onGold.flatMap((isOn, index) => (isOn ? [index] : []))).toEqual([7, 27]);
  expect(isGold(densest(thumbnails(sign), contrast !== "dark")).some(Boolean)).toBe(false);
});
