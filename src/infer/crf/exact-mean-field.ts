import { voxelCount } from "../../volume/index.js";
import { SMALLEST_PROBABILITY } from "./kernel/logistic-kernel.js";
import type { CrfParameters } from "./parameters.js";
import { type CrfProblem, channelScales, standardised } from "./problem.js";

/**
 * The same inference by its definition, pair by pair, as the oracle of the fast one: for volumes of up to some thousand voxels, because
 * time and memory grow with the square of their number. Takes checked input; gives the probabilities after all iterations.
 */
export function exactMeanField(problem: CrfProblem, parameters: CrfParameters): Float32Array[] {
  const { voxelSizeAngstrom, shape } = problem;
  const count = voxelCount(shape);
  const channels = standardised(problem.intensities, channelScales(problem.intensities), parameters.intensitySigma);
  const coupling = new Float64Array(count * count);
  for (const [weight, sigmaAngstrom, features] of [
    [parameters.appearanceWeight, parameters.appearanceSigmaAngstrom, channels],
    [parameters.smoothnessWeight, parameters.smoothnessSigmaAngstrom, []],
  ] as const)
    addKernel(coupling, weight, sigmaAngstrom / voxelSizeAngstrom, features, problem);

  const unary = problem.probabilities.map((values) => values.map((p) => Math.log(Math.max(SMALLEST_PROBABILITY, p))));
  let probabilities = unary;
  for (let iteration = -1; iteration < parameters.iterations; iteration++) {
    const odds = unary.map((values, label) => {
      if (iteration < 0) return Float64Array.from(values);
      return Float64Array.from(values, (value, i) => {
        let sum = value;
        for (let j = 0; j < count; j++) sum += coupling[i * count + j] * probabilities[label][j];
        return sum;
      });
    });
    probabilities = unary.map((_, label) =>
      Float32Array.from({ length: count }, (_, i) => {
        const sum = odds.reduce((total, other) => total + Math.exp(other[i] - odds[label][i]), 0);
        return 1 / sum;
      }),
    );
  }
  return probabilities;
}

function addKernel(
  coupling: Float64Array,
  weight: number,
  sigma: number,
  features: readonly Float32Array[],
  { shape: [nz, ny, nx] }: CrfProblem,
): void {
  const count = nz * ny * nx;
  const positions = Array.from({ length: count }, (_, i) => [
    Math.floor(i / (nx * ny)),
    Math.floor(i / nx) % ny,
    i % nx,
  ]);
  const kernel = new Float64Array(count * count);
  const norm = new Float64Array(count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) {
      let squares = 0;
      for (let axis = 0; axis < 3; axis++) squares += ((positions[i][axis] - positions[j][axis]) / sigma) ** 2;
      for (const values of features) squares += (values[i] - values[j]) ** 2;
      kernel[i * count + j] = Math.exp(-squares / 2);
      norm[i] += kernel[i * count + j];
    }
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      if (i !== j) coupling[i * count + j] += (weight * kernel[i * count + j]) / Math.sqrt(norm[i] * norm[j]);
}
