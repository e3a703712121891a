import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, type Shape3 } from "../../volume/index.js";
import { exactMeanField } from "./exact-mean-field.js";
import { type CrfParameters, fittedCrf, paperCrf } from "./parameters.js";
import type { CrfProblem } from "./problem.js";
import { refineLabels } from "./refine-labels.js";

/** What the fast kernels may cost: the ripple of a coarse grid and the end of a Gaussian's reach. */
const MARGINAL_TOLERANCE = 1e-2;
const parametersWith = (given: Partial<CrfParameters>): CrfParameters => ({
  appearanceWeight: 1,
  appearanceSigmaAngstrom: 30,
  intensitySigma: 1,
  smoothnessWeight: 0.5,
  smoothnessSigmaAngstrom: 12,
  iterations: 5,
  ...given,
});

/** A noisy ball, in halves of their own label from three labels on, and probabilities that know it about. */
function ballProblem([nz, ny, nx]: Shape3, labels: number, seed: number): CrfProblem {
  const random = createRandom(seed);
  const count = nz * ny * nx;
  const intensity = new Float32Array(count);
  const probabilities = Array.from({ length: labels }, () => new Float32Array(count));
  for (let i = 0; i < count; i++) {
    const [z, y, x] = [Math.floor(i / (nx * ny)), Math.floor(i / nx) % ny, i % nx];
    const inside = Math.hypot(z - nz / 2, y - ny / 2, x - nx / 2) < nx / 3;
    const truth = inside ? 1 + (x > nx / 2 ? labels - 2 : 0) : 0;
    intensity[i] = truth + 0.7 * random.normal();
    const scores = probabilities.map((_, label) => Math.exp((label === truth ? 1.5 : 0) + random.normal()));
    const sum = scores.reduce((one, other) => one + other);
    for (const [label, score] of scores.entries()) probabilities[label][i] = score / sum;
  }
  return { shape: [nz, ny, nx], voxelSizeAngstrom: 10, intensities: [intensity], probabilities };
}

function largestDifference(one: readonly Float32Array[], other: readonly Float32Array[]): number {
  let largest = 0;
  for (const [l, values] of one.entries())
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] - other[l][i]));
  return largest;
}

function differenceFromExact(problem: CrfProblem, parameters: CrfParameters): number {
  const { probabilities } = refineLabels(problem, parameters, { tolerance: 0 });
  return largestDifference(probabilities, exactMeanField(problem, parameters));
}

const uniform = (shape: Shape3, probability: number): CrfProblem => {
  const count = shape[0] * shape[1] * shape[2];
  const fill = (value: number) => new Float32Array(count).fill(value);
  return {
    shape,
    voxelSizeAngstrom: 10,
    intensities: [fill(3)],
    probabilities: [fill(1 - probability), fill(probability)],
  };
};

describe("against mean field summed pair by pair", () => {
  test.each([
    [[8, 8, 8], 2, {}],
    [[9, 8, 10], 2, { appearanceSigmaAngstrom: 20, intensitySigma: 0.5 }],
    [[8, 9, 7], 3, { appearanceSigmaAngstrom: 15, appearanceWeight: 2 }],
    [[10, 10, 10], 3, { appearanceSigmaAngstrom: 60, appearanceWeight: 2, smoothnessSigmaAngstrom: 25 }],
    [[1, 12, 13], 2, { smoothnessWeight: 2, smoothnessSigmaAngstrom: 6 }],
    [[12, 12, 12], 2, { intensitySigma: 2 }],
  ] as const)("shape %j, %i labels, %j", (shape, labels, given) => {
    expect(differenceFromExact(ballProblem(shape, labels, 5), parametersWith(given))).toBeLessThan(MARGINAL_TOLERANCE);
  });

  test("random weights and widths", () => {
    const parameters = fc.record({
      appearanceWeight: fc.double({ min: 0, max: 2, noNaN: true }),
      appearanceSigmaAngstrom: fc.double({ min: 6, max: 80, noNaN: true }),
      intensitySigma: fc.double({ min: 0.4, max: 4, noNaN: true }),
      smoothnessWeight: fc.double({ min: 0, max: 2, noNaN: true }),
      smoothnessSigmaAngstrom: fc.double({ min: 5, max: 40, noNaN: true }),
    });
    fc.assert(
      fc.property(parameters, fc.integer({ min: 1, max: 99 }), (given, seed) => {
        const problem = ballProblem([8, 8, 8], 2, seed);
        expect(differenceFromExact(problem, parametersWith(given))).toBeLessThan(MARGINAL_TOLERANCE);
      }),
      { numRuns: 8, seed: 1 },
    );
  });

  test.each([
    [1, 0.5],
    [2, 1],
    [1, 3],
    [0.5, 0.1],
  ])("two channels, weight %f, intensity width %f", (appearanceWeight, intensitySigma) => {
    const problem = ballProblem([8, 8, 8], 2, 3);
    const other = ballProblem([8, 8, 8], 2, 4).intensities[0];
    const twice = { ...problem, intensities: [problem.intensities[0], other] };
    const parameters = parametersWith({ appearanceWeight, intensitySigma });
    expect(differenceFromExact(twice, parameters)).toBeLessThan(MARGINAL_TOLERANCE);
    const effect = largestDifference(exactMeanField(twice, parameters), exactMeanField(problem, parameters));
    expect(effect).toBeGreaterThan(MARGINAL_TOLERANCE); // or the test could not tell the second channel from none
  });

  test("one channel of a range too wide for its own table", () => {
    const problem = ballProblem([8, 8, 8], 2, 6);
    expect(differenceFromExact(problem, parametersWith({ intensitySigma: 0.01 }))).toBeLessThan(MARGINAL_TOLERANCE);
  });
});

test("all alike, the probabilities solve q = logistic(u + w (2 q - 1) (1 - 1 / n))", () => {
  const [weight, n, probability] = [1.5, 64, 0.6];
  const wide = parametersWith({
    appearanceWeight: weight,
    appearanceSigmaAngstrom: 1e5,
    smoothnessWeight: 0,
    iterations: 200,
  });
  const { probabilities, converged } = refineLabels(uniform([4, 4, 4], probability), wide, { tolerance: 1e-6 });
  let q = probability;
  for (let i = 0; i < 500; i++)
    q = 1 / (1 + Math.exp(-Math.log(probability / (1 - probability)) - weight * (2 * q - 1) * (1 - 1 / n)));
  expect(converged).toBe(true);
  for (const value of probabilities[1]) expect(value).toBeCloseTo(q, 3);
  expect(q).toBeGreaterThan(0.75); // well away from 0.6
});

test("one voxel, weights of 0 and no iterations leave the probabilities", () => {
  const problem = ballProblem([5, 5, 5], 3, 1);
  expect(refineLabels(uniform([1, 1, 1], 0.3), paperCrf).probabilities[1][0]).toBeCloseTo(0.3, 5);
  for (const given of [{ appearanceWeight: 0, smoothnessWeight: 0 }, { iterations: 0 }])
    expect(
      largestDifference(refineLabels(problem, parametersWith(given)).probabilities, problem.probabilities),
    ).toBeLessThan(1e-5);
});

test("probabilities sum to one, labels are the most probable, and the same input gives the same bytes", () => {
  const problem = ballProblem([7, 6, 9], 4, 2);
  const { probabilities, labels } = refineLabels(problem, parametersWith({}));
  for (let i = 0; i < labels.length; i++) {
    const here = probabilities.map((values) => values[i]);
    expect(here.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    expect(here[labels[i]]).toBe(Math.max(...here));
  }
  refineLabels(ballProblem([16, 16, 16], 2, 1), paperCrf); // leaves other values in the memory both use
  expect(refineLabels(problem, parametersWith({})).probabilities).toEqual(probabilities);
});

test("labels do not depend on the scale and origin of intensities", () => {
  const problem = ballProblem([6, 6, 6], 2, 8);
  const other = { ...problem, intensities: [problem.intensities[0].map((value) => 1e12 * (value + 40))] };
  const [one, two] = [problem, other].map((given) => refineLabels(given, parametersWith({})).probabilities);
  expect(largestDifference(one!, two!)).toBeLessThan(1e-3);
});

test("saturated probabilities are taken as very likely, not as certain", () => {
  const problem = uniform([6, 6, 6], 1);
  problem.probabilities[0][0] = 1;
  problem.probabilities[1][0] = 0;
  const { probabilities } = refineLabels(problem, parametersWith({ smoothnessWeight: 40 }));
  for (const value of probabilities[1]) expect(value).toBeGreaterThan(0.99); // the lone voxel gives in
});

test("says what is wrong with values, shapes and parameters", () => {
  const good = ballProblem([3, 4, 5], 2, 1);
  const withValue = (name: "intensities" | "probabilities", value: number) => {
    const volumes = good[name].map((values) => values.slice());
    volumes.at(-1)![27] = value;
    return { ...good, [name]: volumes };
  };
  const refine =
    (problem: CrfProblem, given: Partial<CrfParameters> = {}) =>
    () =>
      refineLabels(problem, { ...fittedCrf, ...given });
  expect(refine(withValue("probabilities", Number.NaN))).toThrow(
    "probabilities 2, voxel z 1, y 1, x 2: NaN is not a probability",
  );
  expect(refine(withValue("probabilities", 1.5))).toThrow("1.5 is not a probability");
  expect(refine(withValue("intensities", Number.POSITIVE_INFINITY))).toThrow("Infinity is not an intensity");
  expect(refine({ ...good, shape: [3, 4, 4] })).toThrow("intensities 1: shape [3, 4, 4] needs 48 values, got 60");
  expect(refine({ ...good, shape: [0, 4, 4] })).toThrow("shape [0, 4, 4]");
  expect(refine({ ...good, probabilities: good.probabilities.slice(1) })).toThrow("two or more labels");
  expect(refine({ ...good, voxelSizeAngstrom: 0 })).toThrow("0 Å");
  for (const name of Object.keys(fittedCrf) as (keyof CrfParameters)[]) {
    expect(refine(good, { [name]: -1 })).toThrow(`CRF parameter ${name} cannot be -1`);
    expect(refine(good, { [name]: Number.NaN })).toThrow(`CRF parameter ${name} cannot be NaN`);
  }
});
