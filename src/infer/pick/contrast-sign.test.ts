import { expect, test } from "vitest";
import { createRandom, normaliseInPlace } from "../../volume/index.js";
import { blurredSkewness, proteinBrightness } from "./contrast-sign.js";

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

test("skewness is that of the protein where gold is darker by far", () => {
  const region = blobs(1);
  for (let z = 20; z < 26; z++)
    for (let y = 20; y < 26; y++) region.fill(-40, (z * 48 + y) * 48 + 20, (z * 48 + y) * 48 + 26);
  expect(blurredSkewness(region, [48, 48, 48])).toBeGreaterThan(0);
});

/** A ball, or a shell around nothing, under noise. */
function box(sign: number, { inner = 0, seed = 0 } = {}): Float32Array {
  const random = createRandom(seed).fork("box");
  const volume = Float32Array.from({ length: 32 ** 3 }, (_, i) => {
    const radius = Math.hypot((i >> 10) - 16, ((i >> 5) & 31) - 16, (i & 31) - 16);
    return random.normal() + (radius >= inner && radius < 7 ? sign * 1.5 : 0);
  });
  normaliseInPlace(volume);
  return volume;
}

test("the brightness of boxes has the sign of their protein, hollow or not, and is small for noise", () => {
  const brightness = (...args: Parameters<typeof box>) => proteinBrightness(box(...args), 32)[0]!;
  expect(brightness(1)).toBeGreaterThan(1);
  expect(brightness(-1)).toBeLessThan(-1);
  expect(brightness(1, { inner: 4 })).toBeGreaterThan(1);
  expect(brightness(-1, { inner: 4 })).toBeLessThan(-1);
  const noise = Array.from({ length: 20 }, (_, seed) => brightness(0, { seed }));
  expect(noise.filter((value) => Math.abs(value) < 0.3).length).toBeGreaterThan(12);
});
