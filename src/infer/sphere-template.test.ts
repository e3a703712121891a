import { describe, expect, test } from "vitest";
import { createRandom, gaussianFilterInPlace, type Shape3 } from "../volume/index.js";
import { createSectionBlur } from "./section-blur.js";
import { createSphereTemplate, type SphereTemplateOptions } from "./sphere-template.js";

/** Balls of density 1 at positions in voxels, anti-aliased at their surface. */
function balls([nz, ny, nx]: Shape3, centres: readonly (readonly [number, number, number])[], radius: number) {
  const data = new Float32Array(nz * ny * nx);
  for (const [cx, cy, cz] of centres)
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++) {
          const inside = radius + 0.5 - Math.hypot(x - cx, y - cy, z - cz);
          data[(z * ny + y) * nx + x] += Math.max(0, Math.min(1, inside));
        }
  return data;
}

function peaksOf(data: Float32Array, shape: Shape3, options: SphereTemplateOptions) {
  const template = createSphereTemplate(shape, options);
  const area = shape[1] * shape[2];
  for (let z = 0; z < shape[0]; z++) template.push(data.subarray(z * area, (z + 1) * area));
  return template.finish();
}

const SHAPE: Shape3 = [40, 44, 52];
const CENTRES = [
  [14, 12, 12],
  [37.4, 30.2, 25.3],
] as const;

describe("sphere template", () => {
  // Voxels of 10 Å are searched as they are, those of 4 Å two by two.
  test.each([10, 4])("finds balls where they are, in Angstrom, with voxels of %d Angstrom", (voxelSizeAngstrom) => {
    const radius = voxelSizeAngstrom === 10 ? 4 : 6;
    const found = peaksOf(balls(SHAPE, CENTRES, radius), SHAPE, {
      radiusAngstrom: radius * voxelSizeAngstrom,
      voxelSizeAngstrom,
    });
    for (const [x, y, z] of CENTRES) {
      const nearest = found
        .slice(0, 2)
        .map(({ positionAngstrom: p }) =>
          Math.hypot(p.x / voxelSizeAngstrom - x, p.y / voxelSizeAngstrom - y, p.z / voxelSizeAngstrom - z),
        )
        .sort((a, b) => a - b)[0];
      expect(nearest).toBeLessThan(0.35); // voxels
    }
    expect(found[2]?.score ?? 0).toBeLessThan(0.2 * found[1].score);
  });

  test("answers most to balls of its own radius", () => {
    const data = balls(SHAPE, [CENTRES[0]], 5);
    const best = (radius: number) => peaksOf(data, SHAPE, { radiusAngstrom: radius, voxelSizeAngstrom: 1 })[0].score;
    expect(best(5)).toBeGreaterThan(best(3));
    expect(best(5)).toBeGreaterThan(best(8));
  });

  test("dark particles are found when it is told so, and only then", () => {
    const dark = balls(SHAPE, CENTRES, 4).map((value) => 7 - value);
    const options = { radiusAngstrom: 4, voxelSizeAngstrom: 1 };
    const [found] = peaksOf(dark, SHAPE, { ...options, inverted: true });
    expect(found!.positionAngstrom.x).toBeCloseTo(14, 0);
    const bright = peaksOf(dark, SHAPE, options)[0];
    expect(bright?.score ?? 0).toBeLessThan(0.5 * found!.score);
  });

  test("peaks keep their distance, and no more come than are asked for", () => {
    const random = createRandom(5);
    const noise = Float32Array.from({ length: 40 * 44 * 52 }, () => random.normal());
    const options = { radiusAngstrom: 3, voxelSizeAngstrom: 1, separationAngstrom: 7 };
    const found = peaksOf(noise, SHAPE, options);
    expect(found.length).toBeGreaterThan(50);
    for (const [i, { positionAngstrom: a }] of found.entries())
      for (const { positionAngstrom: b } of found.slice(i + 1))
        expect(Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z)).toBeGreaterThanOrEqual(7);
    expect(found.every(({ score }, i) => i === 0 || score <= found[i - 1].score)).toBe(true);
    expect(peaksOf(noise, SHAPE, { ...options, maximumPeaks: 20 })).toEqual(
      found.slice(0, peaksOf(noise, SHAPE, { ...options, maximumPeaks: 20 }).length),
    );
  });

  test("a constant volume, or one of no numbers, has no peaks", () => {
    const options = { radiusAngstrom: 4, voxelSizeAngstrom: 1 };
    expect(
      peaksOf(new Float32Array(20 ** 3).fill(3), [20, 20, 20], options).filter(({ score }) => score > 1e-5),
    ).toEqual([]);
    expect(peaksOf(new Float32Array(20 ** 3).fill(Number.NaN), [20, 20, 20], options)).toEqual([]);
  });
});

test("the section-wise blur is the Gaussian filter, away from the borders", () => {
  const shape: Shape3 = [25, 23, 24];
  const random = createRandom(2);
  const data = Float32Array.from({ length: 25 * 23 * 24 }, () => random.normal());
  const blur = createSectionBlur(shape, 1.6);
  const sections: Float32Array[] = [];
  for (let z = 0; z < 25; z++) sections.push(...blur.push(data.subarray(z * 552, (z + 1) * 552)));
  sections.push(...blur.finish());
  expect(sections).toHaveLength(25);
  const expected = data.slice();
  gaussianFilterInPlace(expected, shape, 1.6);
  for (let z = 6; z < 19; z++)
    for (let y = 6; y < 17; y++)
      for (let x = 6; x < 18; x++) expect(sections[z][y * 24 + x]).toBeCloseTo(expected[(z * 23 + y) * 24 + x], 5);
});
