import { ConfigError } from "../../errors.js";

/**
 * Parameters of the fully connected conditional random field
 *
 *     E(x) = sum_i psi(x_i) + sum_{i<j} [x_i differs from x_j] [ w1 k1(i, j) + w2 k2(i, j) ]
 *     k1 = exp(-|p_i - p_j|^2 / 2 sigma_alpha^2 - |I_i - I_j|^2 / 2 sigma_beta^2),   k2 = exp(-|p_i - p_j|^2 / 2 sigma_gamma^2)
 *
 * with both kernels normalised symmetrically, k(i, j) / sqrt(n_i n_j) with n_i the sum of k(i, j) over all j: a weight then
 * means the same for small and large particles, whatever the width of the kernel.
 */
export interface CrfParameters {
  /** w1: how strongly voxels alike in position and intensity pull each other to one label; in units of log odds. */
  readonly appearanceWeight: number;
  /** sigma_alpha: how far apart such voxels may be. */
  readonly appearanceSigmaAngstrom: number;
  /** sigma_beta: how different they may be, in standard deviations of the channel over the volume. */
  readonly intensitySigma: number;
  /** w2: how strongly near voxels pull each other to one label, whatever their intensities. */
  readonly smoothnessWeight: number;
  /** sigma_gamma: how near. */
  readonly smoothnessSigmaAngstrom: number;
  /** Mean-field updates at most; fewer when the probabilities stop changing. */
  readonly iterations: number;
}

/**
 * The parameters in the publication's released code, carried over to 10 Å voxels: widths of 100 and 10 voxels, 50 of the 256 grey
 * levels (the range of a subtomogram is about eight standard deviations). They erase small particles; here for comparison.
 */
export const paperCrf: CrfParameters = {
  appearanceWeight: 30,
  appearanceSigmaAngstrom: 1000,
  intensitySigma: 1.6,
  smoothnessWeight: 10,
  smoothnessSigmaAngstrom: 100,
  iterations: 4,
};

/**
 * Fitted on training complexes by `cosnet crf fit`, for masks of the model that ships with cosnet averaged over 180° rotations;
 * `models/crf.json` says how well they do. They are mild, because those masks leave next to nothing to gain.
 */
export const fittedCrf: CrfParameters = {
  appearanceWeight: 0.0267,
  appearanceSigmaAngstrom: 11.4,
  intensitySigma: 0.623,
  smoothnessWeight: 0.111,
  smoothnessSigmaAngstrom: 5.62,
  iterations: 5,
};

/** How masks are refined by the conditional random field: not at all, with the parameters fitted to the model, or with the paper's. */
export type CrfChoice = "off" | "fitted" | "paper";

export function crfParameters(choice: CrfChoice): CrfParameters | undefined {
  return { off: undefined, fitted: fittedCrf, paper: paperCrf }[choice];
}

const weight = { fits: (value: number) => value >= 0 && value <= 1000, hint: "Give 0 (off) to 1000." };
const width = { fits: (value: number) => value > 0 && value < Infinity, hint: "Give a width in Å, more than 0." };
const RULES: Readonly<Record<keyof CrfParameters, typeof weight>> = {
  appearanceWeight: weight,
  appearanceSigmaAngstrom: width,
  intensitySigma: { ...width, hint: "Give a width in standard deviations of the intensities, more than 0." },
  smoothnessWeight: weight,
  smoothnessSigmaAngstrom: width,
  iterations: {
    fits: (value) => Number.isInteger(value) && value >= 0 && value <= 1000,
    hint: "Give a whole number from 0 to 1000.",
  },
};

/** @throws ConfigError naming the parameter that cannot be used. */
export function checkCrfParameters(parameters: CrfParameters): void {
  for (const [name, { fits, hint }] of Object.entries(RULES)) {
    const value = parameters[name as keyof CrfParameters];
    if (!fits(value)) throw new ConfigError(`CRF parameter ${name} cannot be ${value}`, { hint });
  }
}
