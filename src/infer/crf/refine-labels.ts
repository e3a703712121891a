import { appearanceKernel } from "./appearance-kernel.js";
import { exactKernel } from "./exact-kernel.js";
import { gaussianKernel } from "./gaussian-kernel.js";
import { type MeanField, meanField, type WeightedKernel } from "./mean-field.js";
import { type CrfParameters, checkCrfParameters } from "./parameters.js";
import { type CrfProblem, checkCrfProblem, standardised, unaryLogOdds } from "./problem.js";

export interface RefineLabelsOptions {
  /** Stop when no probability changes by more than this. */
  readonly tolerance?: number;
  /** "exact" sums over all pairs of voxels, for a few thousand voxels at most: slow, to check the fast one with. */
  readonly kernels?: "fast" | "exact";
}

export interface RefinedLabels extends MeanField {
  /** The most probable label of each voxel. */
  readonly labels: Uint8Array;
}

/**
 * Labels of the voxels of a volume, refined by a fully connected conditional random field: each voxel's own probabilities, and the
 * labels of all others that are near and alike. One voxel alone, or weights of 0, leave the probabilities as they are.
 * @throws ShapeError, ConfigError, FormatError for volumes, parameters and values that cannot be used.
 */
export function refineLabels(
  problem: CrfProblem,
  parameters: CrfParameters,
  { tolerance = 1e-3, kernels = "fast" }: RefineLabelsOptions = {},
): RefinedLabels {
  checkCrfParameters(parameters);
  checkCrfProblem(problem);
  const field = meanField(unaryLogOdds(problem.probabilities), crfKernels(problem, parameters, kernels), {
    iterations: parameters.iterations,
    tolerance,
  });
  return { ...field, labels: mostProbable(field.probabilities) };
}

/** The terms of the energy that have a weight. */
export function crfKernels(
  { shape, voxelSizeAngstrom, intensities }: Omit<CrfProblem, "probabilities">,
  parameters: CrfParameters,
  kind: "fast" | "exact" = "fast",
): WeightedKernel[] {
  const { appearanceWeight, smoothnessWeight, intensitySigma } = parameters;
  const kernels: WeightedKernel[] = [];
  if (appearanceWeight > 0) {
    const channels = standardised(intensities).map((values) => values.map((value) => value / intensitySigma));
    const create = kind === "fast" ? appearanceKernel : exactKernel;
    const kernel = create(shape, parameters.appearanceSigmaAngstrom / voxelSizeAngstrom, channels);
    kernels.push({ kernel, weight: appearanceWeight });
  }
  if (smoothnessWeight > 0) {
    const sigmaVoxels = parameters.smoothnessSigmaAngstrom / voxelSizeAngstrom;
    const kernel = kind === "fast" ? gaussianKernel(shape, sigmaVoxels) : exactKernel(shape, sigmaVoxels, []);
    kernels.push({ kernel, weight: smoothnessWeight });
  }
  return kernels;
}

function mostProbable(probabilities: readonly Float32Array[]): Uint8Array {
  const labels = new Uint8Array(probabilities[0]!.length);
  for (let i = 0; i < labels.length; i++)
    for (let l = 1; l < probabilities.length; l++)
      if (probabilities[l]![i]! > probabilities[labels[i]!]![i]!) labels[i] = l;
  return labels;
}
