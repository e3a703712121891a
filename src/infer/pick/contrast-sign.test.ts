import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { blurredSkewness, centreBrightness } from "./contrast-sign.js";

function blobs(sign: number): Float32Array {
  const random = createRandom("blobs");
  const region = Float32Array.from({ length: 48 ** 3 }, () => random.normal());
  for (let i = 0; i < 12; i++) {
    const [cz, cy, cx] = [random.uniform(6, 42), random.uniform(6, 42), random.uniform(6, 42)];
    for (let at = 0; at < region.length; at++) {
      const [z, y, x] = [Math.floor(at / 2304), Math.floor(at / 48) % 48, at % 48];
      if (Math.hypot(z - cz, y - cy, x - cx) < 4) region[at] += sign * 1.5;
    }
  }
  return region;
}

test("skewness has the sign of the matter, under noise as strong", () => {
  expect(blurredSkewness(blobs(1), [48, 48, 48])).toBeGreaterThan(0.5);
  expect(blurredSkewness(blobs(-1), [48, 48, 48])).toBeLessThan(-0.5);
});

test("centre brightness is the mean of all boxes around their centre voxel", () => {
  const volumes = new Float32Array(2 * 16 ** 3);
  volumes[(8 * 16 + 8) * 16 + 8] = 33; // radius 2 holds 33 voxels
  volumes[16 ** 3 + (8 * 16 + 8) * 16 + 9] = 33;
  expect(centreBrightness(volumes, 16)).toBeCloseTo(1, 6);
  expect(
    centreBrightness(
      volumes.map((value) => -value),
      16,
    ),
  ).toBeCloseTo(-1, 6);
});
