import { expect, test } from "vitest";
import { diameterOfScale, fitsScale, searchScale, searchScales } from "./scale.js";

const network = { voxelSizeAngstrom: 10 };

test("a scale's diameter asks for that scale, and the networks' own scale for none", () => {
  expect(diameterOfScale(1, network)).toBeUndefined();
  for (const scale of searchScales(100))
    expect(searchScale(diameterOfScale(scale, network), network)).toBeCloseTo(scale);
});

test("70S ribosomes are searched at the networks' voxels, 80S ribosomes and virions at coarser ones that they fill alike", () => {
  const scaleFor = (diameter: number) => searchScales(100).find((scale) => fitsScale(diameter, 10 * scale))!;
  expect(scaleFor(214)).toBe(1);
  expect(scaleFor(243)).toBe(1.5);
  for (const diameter of [243, 337, 800, 1250]) {
    const filled = diameter / (10 * scaleFor(diameter));
    expect(filled).toBeGreaterThan(15);
    expect(filled).toBeLessThanOrEqual(23);
  }
});
