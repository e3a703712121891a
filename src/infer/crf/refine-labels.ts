import { paddedShape } from "./filter/padded-volume.js";
import { pairwiseKernel } from "./filter/pairwise-kernel.js";
import { createArena } from "./kernel/arena.js";
import { type MeanField, meanField } from "./mean-field.js";
import { type CrfParameters, checkCrfParameters } from "./parameters.js";
import { type ChannelScale, type CrfProblem, channelScales, checkCrfProblem, standardised } from "./problem.js";

/** How long the mean-field iteration goes on. */
export interface RefineLabelsOptions {
  /** Stop when no probability changes by more than this. */
  readonly tolerance?: number;
}

/** Probabilities of every label after the conditional random field. */
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
  { tolerance = 1e-3 }: RefineLabelsOptions = {},
): RefinedLabels {
  checkCrfParameters(parameters);
  checkCrfProblem(problem);
  return refineChecked(problem, parameters, { tolerance, scales: channelScales(problem.intensities) });
}

/** The same for input that has been checked, with intensities on a given scale. */
export function refineChecked(
  problem: CrfProblem,
  parameters: CrfParameters,
  { tolerance, scales }: { readonly tolerance: number; readonly scales: readonly ChannelScale[] },
): RefinedLabels {
  const { voxelSizeAngstrom } = problem;
  const { appearanceWeight, smoothnessWeight, intensitySigma, iterations } = parameters;
  using arena = createArena();
  const padded = paddedShape(problem.shape);
  const kernels = [];
  if (appearanceWeight > 0) {
    const channels = standardised(problem.intensities, scales, intensitySigma);
    const sigmaVoxels = parameters.appearanceSigmaAngstrom / voxelSizeAngstrom;
    kernels.push(pairwiseKernel(arena, padded, sigmaVoxels, appearanceWeight, channels));
  }
  if (smoothnessWeight > 0) {
    const sigmaVoxels = parameters.smoothnessSigmaAngstrom / voxelSizeAngstrom;
    kernels.push(pairwiseKernel(arena, padded, sigmaVoxels, smoothnessWeight, []));
  }
  const field = meanField(arena, padded, problem.probabilities, kernels, { iterations, tolerance });
  return { ...field, labels: mostProbable(field.probabilities) };
}

export function mostProbable(probabilities: readonly Float32Array[]): Uint8Array {
  const labels = new Uint8Array(probabilities[0].length);
  for (let l = 1; l < probabilities.length; l++) {
    const values = probabilities[l];
    for (let i = 0; i < labels.length; i++) if (values[i] > probabilities[labels[i]][i]) labels[i] = l;
  }
  return labels;
}
