/** Imaging of single particles, and how widely it differs between laboratories. */
import type { Random } from "../../volume/index.js";
import { asRange, drawFrom, type ImagingOptions } from "./imaging.js";

/** How one particle is imaged. */
export interface ImagingConditions {
  readonly defocusMicrometre: number;
  /** false leaves the contrast transfer function out. */
  readonly contrastTransfer: boolean;
  readonly blurAngstrom: number;
  readonly tiltDegrees: number;
  readonly tiltAxis: "x" | "y";
  readonly mtfFrequency: number;
  /** Noise of the same power at every frequency, outside the wedge too, rather than noise of specimen and detector. */
  readonly whiteNoise: boolean;
  /** Fraction of the noise's power that arises in the specimen (ice, solutes) and so passes through the contrast transfer. */
  readonly specimenNoise: number;
  /** The particle drawn this many times its true size: a wrong voxel size. Neighbours keep their size. */
  readonly scale: number;
  readonly shiftVoxels: number;
  /** Full width at half maximum of a Gaussian filter of the finished volume; 0 for none. */
  readonly lowPassAngstrom: number;
  /** Nothing finer than this in the finished volume, as after rescaling from larger voxels; 0 for no bound. */
  readonly cutoffAngstrom: number;
  /** Images multiplied by their contrast transfer once more, as RELION 5 and Warp write particles: CTF^2 in all. */
  readonly ctfPremultiplied: boolean;
  /**
   * Amplitudes of the finished volume times the frequency to this power: -1 for back-projection without weights, between -1 and 0
   * for iterative reconstructions (SIRT), above 0 for sharpened ones, 0 for none of it.
   */
  readonly amplitudeExponent: number;
}

/** One particle's conditions from the renderer's options. */
export function drawConditions(random: Random, options: ImagingOptions): ImagingConditions {
  return {
    defocusMicrometre: drawFrom(random, options.defocusMicrometre),
    blurAngstrom: drawFrom(random, options.blurAngstrom),
    tiltDegrees: Math.round(drawFrom(random, asRange(options.tiltDegrees))),
    tiltAxis: "y",
    contrastTransfer: options.contrastTransfer,
    mtfFrequency: options.mtfFrequency,
    whiteNoise: false,
    specimenNoise: 0,
    scale: 1,
    shiftVoxels: options.shiftVoxels,
    lowPassAngstrom: 0,
    cutoffAngstrom: 0,
    ctfPremultiplied: false,
    amplitudeExponent: 0,
  };
}

/**
 * Conditions as they differ between microscopes, reconstructions and users: tilts of 40 to 70 degrees about either axis,
 * 1.5 to 8 micrometres underfocus or contrast transfer corrected, sharp or blurred density, soft or perfect detectors,
 * white noise, voxel sizes 5 % off, boxes 3 voxels off, filtered or rescaled from voxels of 8 to 15 Å.
 */
export function drawVariedConditions(random: Random): ImagingConditions {
  const chance = chanceOf(random);
  return {
    defocusMicrometre: drawFrom(random, [1.5, 8]),
    contrastTransfer: chance(0.6),
    blurAngstrom: drawFrom(random, [2, 16]),
    tiltDegrees: Math.round(drawFrom(random, [40, 70])),
    tiltAxis: chance(0.25) ? "x" : "y",
    mtfFrequency: chance(0.3) ? 10 : drawFrom(random, [0.2, 0.6]),
    whiteNoise: chance(0.25),
    specimenNoise: chance(0.5) ? random.next() : 0,
    scale: drawFrom(random, [0.95, 1.05]),
    shiftVoxels: 3,
    lowPassAngstrom: chance(0.25) ? drawFrom(random, [15, 50]) : 0,
    cutoffAngstrom: chance(0.25) ? drawFrom(random, [20, 32]) : 0,
    ctfPremultiplied: false,
    amplitudeExponent: 0,
  };
}

/**
 * Varied conditions, and reconstructed in as many ways as users feed: a third of those with contrast transfer multiplied by it
 * once more, four in ten with low frequencies stronger (SIRT) or weaker (sharpened) than they were.
 */
export function drawReconstructedConditions(random: Random): ImagingConditions {
  const chance = chanceOf(random);
  const conditions = drawVariedConditions(random);
  return {
    ...conditions,
    ctfPremultiplied: chance(0.35) && conditions.contrastTransfer,
    amplitudeExponent: chance(0.4) ? drawFrom(random, [-1, 0.4]) : 0,
  };
}

const chanceOf =
  (random: Random) =>
  (probability: number): boolean =>
    random.next() < probability;
