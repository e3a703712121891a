import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeMesh, surfaceMesh } from "../volume/index.js";
import { chooseBins, countInBins, describeDistribution, shapeStatistics } from "./index.js";

const N = 28;

/** An ellipsoid of half axes a, b, c in voxels of 10 Å. */
function ellipsoid(a: number, b: number, c: number) {
  const field = Float32Array.from({ length: N ** 3 }, (_, i) => {
    const [x, y, z] = [(i % N) - 14, (Math.floor(i / N) % N) - 14, Math.floor(i / N / N) - 14];
    return 1 - Math.hypot(x / a, y / b, z / c);
  });
  return placeMesh(surfaceMesh(field, [N, N, N], 0), 10, { x: 3000, y: -70, z: 12 });
}

describe("shapes", () => {
  test("a ball of 100 Å radius measures as one", () => {
    const shape = shapeStatistics(ellipsoid(10, 10, 10));
    expect(Math.abs(shape.volumeCubicAngstrom / ((4 / 3) * Math.PI * 1e6) - 1)).toBeLessThan(0.01);
    expect(Math.abs(shape.surfaceSquareAngstrom / (4 * Math.PI * 1e4) - 1)).toBeLessThan(0.02);
    expect(shape.sphericity).toBeGreaterThan(0.98);
    expect(shape.sphericity).toBeLessThanOrEqual(1);
    expect(Math.abs(shape.equivalentDiameterAngstrom / 200 - 1)).toBeLessThan(0.005);
    expect(Math.abs(shape.longestExtentAngstrom / 200 - 1)).toBeLessThan(0.01);
  });
  test("a rod is long and not spherical", () => {
    const shape = shapeStatistics(ellipsoid(4, 4, 12));
    expect(Math.abs(shape.longestExtentAngstrom / 240 - 1)).toBeLessThan(0.02);
    // A prolate spheroid's area is 2 pi a^2 (1 + c / (a e) asin e), here 49,430 Å^2.
    expect(Math.abs(shape.sphericity / 0.846 - 1)).toBeLessThan(0.02);
  });
  test("nothing has no size", () => {
    expect(shapeStatistics({ positions: new Float32Array(0), triangles: new Uint32Array(0) })).toEqual({
      volumeCubicAngstrom: 0,
      surfaceSquareAngstrom: 0,
      sphericity: Number.NaN,
      equivalentDiameterAngstrom: 0,
      longestExtentAngstrom: 0,
    });
  });
});

describe("distributions", () => {
  test("by hand", () => {
    const { mean, standardDeviation, ...rest } = describeDistribution([4, Number.NaN, 1, 3, 2]);
    expect(rest).toEqual({ count: 4, minimum: 1, lowerQuartile: 1.75, median: 2.5, upperQuartile: 3.25, maximum: 4 });
    expect(mean).toBe(2.5);
    expect(standardDeviation).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(describeDistribution([]).median).toBeNaN();
    expect(describeDistribution([5]).standardDeviation).toBeNaN();
  });
  test("every value falls into one of the bins, whose width is round", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const bins = chooseBins(values);
        expect(countInBins(values, bins).reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(bins.count).toBeLessThanOrEqual(22);
        expect(Math.round(bins.width / 10 ** Math.floor(Math.log10(bins.width) + 1e-9))).toBeOneOf([1, 2, 5]);
      }),
    );
  });
  test("a bin holds its lower end", () => {
    expect(chooseBins([0, 40])).toEqual({ low: 0, width: 2, count: 21 });
    expect([...countInBins([0, 1.9, 2, 5, Number.NaN, -1], { low: 0, width: 2, count: 2 })]).toEqual([2, 1]);
    expect(chooseBins([])).toEqual({ low: 0, width: 1, count: 1 });
  });
});
