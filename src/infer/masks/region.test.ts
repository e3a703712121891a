import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { neighbourFinder } from "./neighbours.js";
import { cropMask, type ParticleMask, pasteMasks, regionOfMask } from "./region.js";

const EDGE = 12;

/** A soft ball of `radius` voxels in a box of 10 Å voxels. */
function ball(x: number, y: number, z: number, radius = 3): ParticleMask {
  const values = Float32Array.from({ length: EDGE ** 3 }, (_, i) => {
    const place = [i % EDGE, Math.floor(i / EDGE) % EDGE, Math.floor(i / EDGE ** 2)].map((value) => value - EDGE / 2);
    return 1 / (1 + Math.exp(3 * (Math.hypot(...place) - radius)));
  });
  return cropMask(values, EDGE, { centreAngstrom: { x, y, z }, voxelSizeAngstrom: 10 });
}

const region = (voxelSizeAngstrom: number, edge: number) => ({
  originAngstrom: { x: 0, y: 0, z: 0 },
  voxelSizeAngstrom,
  shape: [edge, edge, edge] as const,
});

/** Mean place of the voxels above one half, in Angstrom. */
function centroid(probability: Float32Array, voxelSizeAngstrom: number, edge: number): number[] {
  const sum = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < probability.length; i++) {
    if (!(probability[i]! > 0.5)) continue;
    count++;
    [i % edge, Math.floor(i / edge) % edge, Math.floor(i / edge ** 2)].forEach((value, axis) => {
      sum[axis]! += value * voxelSizeAngstrom;
    });
  }
  return sum.map((value) => value / count);
}

describe("masks", () => {
  test("cropped and pasted back onto their own grid are what they were, in steps of 1/255", () => {
    const random = createRandom(1);
    const values = Float32Array.from({ length: EDGE ** 3 }, () => random.next() ** 6);
    const mask = cropMask(values, EDGE, { centreAngstrom: { x: 60, y: 60, z: 60 }, voxelSizeAngstrom: 10 });
    const { probability } = pasteMasks([[0, mask]], region(10, EDGE));
    for (let i = 0; i < values.length; i++) expect(Math.abs(probability[i]! - values[i]!)).toBeLessThan(0.0101);
  });
  test("of nothing are empty", () => {
    const nothing = cropMask(new Float32Array(EDGE ** 3), EDGE, {
      centreAngstrom: { x: 0, y: 0, z: 0 },
      voxelSizeAngstrom: 10,
    });
    expect(nothing.data).toHaveLength(0);
    expect(pasteMasks([[0, nothing]], region(10, 4)).owner).toEqual(new Int32Array(64).fill(-1));
    expect(regionOfMask(nothing).shape).toEqual([0, 0, 0]);
  });
  test("keep place and size on grids of other voxel sizes", () => {
    for (const [size, edge] of [
      [4, 40],
      [7.3, 22],
      [13.48, 12],
    ] as const) {
      const { probability } = pasteMasks([[0, ball(70, 80, 60)]], region(size, edge));
      const volume = probability.filter((p) => p > 0.5).length * size ** 3;
      expect(Math.abs(volume / ((4 / 3) * Math.PI * 30 ** 3) - 1), String(size)).toBeLessThan(0.15);
      const [x, y, z] = centroid(probability, size, edge);
      for (const difference of [x! - 70, y! - 80, z! - 60]) expect(Math.abs(difference)).toBeLessThan(size / 4);
    }
  });
  test("reach beyond the region without harm, and into it from outside", () => {
    const { probability, owner } = pasteMasks([[5, ball(-10, 0, 0)]], region(10, 6));
    expect(probability[0]).toBeGreaterThan(0.9);
    expect(owner[0]).toBe(5);
    expect(pasteMasks([[0, ball(-500, 0, 0)]], region(10, 6)).probability.every((p) => p === 0)).toBe(true);
  });
  test("a voxel goes to the most probable, the first of equals, in whatever parts the space is worked out", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 13 }), (seed, cut) => {
        const random = createRandom(seed);
        const place = () => random.uniform(0, 140);
        const masks = Array.from({ length: 5 }, () => ball(place(), place(), place(), random.uniform(1.5, 4.5)));
        masks.push(masks[0]!); // picked twice
        const entries = masks.map((mask, i) => [i, mask] as const);
        const whole = pasteMasks(entries, region(10, 14));
        const parts = [
          [0, cut],
          [cut, 14],
        ].map(([from, to]) =>
          pasteMasks(entries, {
            originAngstrom: { x: 0, y: 0, z: 10 * from! },
            voxelSizeAngstrom: 10,
            shape: [to! - from!, 14, 14],
          }),
        );
        expect(parts.flatMap(({ owner }) => [...owner])).toEqual([...whole.owner]);
        const joined = parts.flatMap(({ probability }) => [...probability]);
        joined.forEach((p, i) => {
          expect(Math.abs(p - whole.probability[i]!)).toBeLessThan(1e-6);
        });
        expect(whole.owner.includes(5)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
  test("neighbours are all masks that share a place, by rising index", () => {
    const random = createRandom(2);
    const place = () => random.uniform(0, 400);
    const masks = Array.from({ length: 60 }, () => ball(place(), place(), place(), random.uniform(1, 5)));
    const find = neighbourFinder(masks);
    const reach = (mask: ParticleMask) => {
      const { originAngstrom: o, shape } = regionOfMask(mask);
      return [o.z, o.y, o.x].map((low, axis) => [low - 10, low + 10 * shape[axis]!] as const);
    };
    for (const [i, mask] of masks.entries()) {
      const expected = masks.flatMap((other, j) =>
        reach(mask).every(([low, high], axis) => low <= reach(other)[axis]![1] && reach(other)[axis]![0] <= high)
          ? [j]
          : [],
      );
      expect(find(i)).toEqual(expected);
    }
  });
});
