import { expect, test } from "vitest";
import { dice } from "../../evaluate/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { createRandom, gaussianFilterInPlace } from "../../volume/index.js";
import { densityMask } from "./density-mask.js";
import { insideMask } from "./inside.js";

const EDGE = 32;
const random = createRandom("density mask");
/** Seen from all sides, as an average is. */
const { volume, mask } = createRenderer({ tiltDegrees: 90 }).render(
  proceduralComplex(random.fork("complex"), { minimumKilodalton: 800 }),
  { random: random.fork("view"), snr: Number.POSITIVE_INFINITY },
);
/** A mask that is wrong here and there along its surface. */
const shape = [EDGE, EDGE, EDGE] as const;
const blurred = Float32Array.from(mask);
gaussianFilterInPlace(blurred, shape, 1.5);
const errors = Float32Array.from(mask, () => random.normal());
gaussianFilterInPlace(errors, shape, 2);
const wrong = blurred.map((part, i) => Math.min(6, Math.max(-6, 12 * (part - 0.4 + 2.5 * errors[i]))));
const diceOf = (logOdds: Float32Array) => dice(insideMask(logOdds.map((value) => value + 0.5)), mask);

test("the density draws the surface where the mask is wrong", () => {
  expect(diceOf(wrong)).toBeLessThan(0.85);
  expect(diceOf(densityMask(volume, wrong, EDGE)!)).toBeGreaterThan(0.9);
});

test("whatever imaging did to the density's sign", () => {
  expect(
    densityMask(
      volume.map((value) => -value),
      wrong,
      EDGE,
    ),
  ).toEqual(densityMask(volume, wrong, EDGE));
});

test("an average that shows something else draws nothing", () => {
  const noise = volume.map(() => random.normal());
  expect(densityMask(noise, wrong, EDGE)).toBeUndefined();
  expect(densityMask(new Float32Array(volume.length), wrong, EDGE)).toBeUndefined();
});
