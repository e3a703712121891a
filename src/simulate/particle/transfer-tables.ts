import type { ImagingConditions } from "./conditions.js";
import { contrastTransfer, type ImagingOptions } from "./imaging.js";

/** Amplitudes by the squared distance from the origin in Fourier pixels, 0 to that of the corner of the box. */
export interface TransferTables {
  /** exp(-2 pi^2 blur^2 s^2) CTF(s) MTF(s), s the spatial frequency in 1/Å; CTF(s)^2 where premultiplied. */
  readonly signal: Float64Array;
  /** Of the specimen, through CTF and MTF; of the detector, through MTF alone. */
  readonly noise: Float64Array;
  /**
   * What was done to the finished volume, if anything: frequencies weighted by a power, a Gaussian low-pass, and nothing beyond a
   * highest frequency.
   */
  readonly filter: Float64Array | undefined;
}

export function transferTables(
  { boxSize, voxelSizeAngstrom, ...microscope }: ImagingOptions,
  conditions: ImagingConditions,
): TransferTables {
  const { blurAngstrom, lowPassAngstrom, cutoffAngstrom, mtfFrequency, specimenNoise, whiteNoise } = conditions;
  const { amplitudeExponent, ctfPremultiplied } = conditions;
  const radial = (value: (s2: number, r2: number) => number): Float64Array =>
    new Float64Array(3 * Math.floor(boxSize / 2) ** 2 + 1).map((_, r2) =>
      value(r2 / (boxSize * voxelSizeAngstrom) ** 2, r2),
    );
  const gaussian = (widthAngstrom: number, s2: number) => Math.exp(-2 * Math.PI ** 2 * widthAngstrom ** 2 * s2);

  const detector = radial((_, r2) => Math.exp(-r2 / boxSize ** 2 / mtfFrequency ** 2));
  const optics = { ...microscope, ...conditions };
  const contrast = radial((s2) => (conditions.contrastTransfer ? contrastTransfer(Math.sqrt(s2), optics) : 1));
  const again = (r2: number) => (ctfPremultiplied ? contrast[r2] : 1);
  const isFiltered = lowPassAngstrom > 0 || cutoffAngstrom > 0 || amplitudeExponent !== 0;
  return {
    signal: radial((s2, r2) => again(r2) * detector[r2] * contrast[r2] * gaussian(blurAngstrom, s2)),
    noise: radial(
      (_, r2) =>
        again(r2) * (whiteNoise ? 1 : detector[r2] * Math.sqrt(specimenNoise * contrast[r2] ** 2 + 1 - specimenNoise)),
    ),
    filter: isFiltered
      ? radial((s2, r2) =>
          s2 * cutoffAngstrom ** 2 > 1
            ? 0
            : Math.max(1, r2) ** (amplitudeExponent / 2) * gaussian(lowPassAngstrom / 2.3548, s2),
        )
      : undefined,
  };
}
