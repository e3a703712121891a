import { ConfigError } from "../../errors.js";
import type { Random } from "../../volume/index.js";

/** A particle's mask is cut out of its density blurred by this standard deviation. */
export const MASK_BLUR_ANGSTROM = 8;

/** Both ends of an interval that is drawn from evenly. */
export type Range = readonly [low: number, high: number];

/** What a microscope's contrast transfer depends on besides the defocus. */
export interface Microscope {
  readonly kilovolt: number;
  readonly sphericalAberrationMillimetre: number;
  /** Fraction of amplitude contrast, 0 to 1. */
  readonly amplitudeContrast: number;
}

/** How a particle is placed, surrounded and imaged. Every `Range` is drawn from anew for each particle. */
export interface ImagingOptions extends Microscope {
  /** Edge of the cubic box in voxels. */
  readonly boxSize: number;
  readonly voxelSizeAngstrom: number;
  /** Maximum tilt angle of a symmetric series about y; a range is drawn from, in whole degrees. */
  readonly tiltDegrees: number | Range;
  /** Underfocus, positive. */
  readonly defocusMicrometre: Range;
  /** false leaves the contrast transfer function out (perfect phase plate). */
  readonly contrastTransfer: boolean;
  /** Spatial frequency (cycles per voxel) at which the detector's transfer has fallen to 1/e: exp(-(f / this)^2). */
  readonly mtfFrequency: number;
  /** Gaussian blur of the density itself: flexibility, radiation damage, imperfect alignment of the tilt images. */
  readonly blurAngstrom: Range;
  /** The particle's centre lies within plus or minus this many voxels of the box centre, along each axis. */
  readonly shiftVoxels: number;
  /** Mean number of neighbours, where a pool of neighbours is given; each particle's own mean is 0 to 2 times this. */
  readonly crowding: number;
  /** The mask is where the target alone, blurred by 8 Å, exceeds this fraction of its highest density. */
  readonly maskLevel: number;
}

/** The conditions of the default model: 32^3 voxels of 10 Å, tilts to 60 degrees, 4 to 6 micrometres underfocus. */
export const defaultImaging: ImagingOptions = {
  boxSize: 32,
  voxelSizeAngstrom: 10,
  tiltDegrees: 60,
  defocusMicrometre: [4, 6],
  kilovolt: 300,
  sphericalAberrationMillimetre: 2.7,
  amplitudeContrast: 0.1,
  contrastTransfer: true,
  mtfFrequency: 0.3,
  blurAngstrom: [6.5, 10],
  shiftVoxels: 1.5,
  crowding: 6,
  maskLevel: 0.35,
};

/** @throws ConfigError naming the option that cannot be used. */
export function checkImaging(options: ImagingOptions): void {
  const require = (good: boolean, name: keyof ImagingOptions, hint: string) => {
    if (!good) throw new ConfigError(`imaging option ${name} cannot be ${JSON.stringify(options[name])}`, { hint });
  };
  const rising = ([low, high]: Range) => Number.isFinite(low) && Number.isFinite(high) && low <= high;
  const { boxSize, voxelSizeAngstrom, tiltDegrees, mtfFrequency, maskLevel, amplitudeContrast } = options;
  const tilts = asRange(tiltDegrees);
  require(Number.isInteger(boxSize) && boxSize >= 8 && boxSize <= 256, "boxSize", "Give 8 to 256 voxels.");
  require(voxelSizeAngstrom > 0 && voxelSizeAngstrom <= 100, "voxelSizeAngstrom", "Give 0 to 100 Å.");
  require(rising(tilts) &&
    tilts[0] > 0 &&
    tilts[1] <= 90, "tiltDegrees", "Give the maximum tilt angle, 0 to 90 degrees.");
  require(rising(options.defocusMicrometre), "defocusMicrometre", "Give a rising range.");
  require(options.kilovolt > 0, "kilovolt", "Give the acceleration voltage, such as 300.");
  require(amplitudeContrast >= 0 && amplitudeContrast <= 1, "amplitudeContrast", "Give 0 to 1.");
  require(mtfFrequency > 0, "mtfFrequency", "Give a positive frequency in cycles per voxel.");
  require(rising(options.blurAngstrom) && options.blurAngstrom[0] >= 0, "blurAngstrom", "Give a rising range from 0.");
  require(options.shiftVoxels >= 0, "shiftVoxels", "Give 0 or more voxels.");
  require(options.crowding >= 0 && options.crowding <= 30, "crowding", "Give a mean of 0 to 30 neighbours.");
  require(maskLevel > 0 && maskLevel < 1, "maskLevel", "Give a fraction between 0 and 1.");
}

/** A number as the range that holds it alone. */
export function asRange(value: number | Range): Range {
  return typeof value === "number" ? [value, value] : value;
}

/** A number drawn evenly from a range. */
export function drawFrom(random: Random, [low, high]: Range): number {
  return random.uniform(low, high);
}

/** Relativistic electron wavelength in Ångström. */
export function electronWavelengthAngstrom(kilovolt: number): number {
  return 12.2643 / Math.sqrt(kilovolt * 1e3 + 0.97845 * kilovolt ** 2);
}

/**
 * Contrast transfer of a weak phase object at a spatial frequency (1/Å), signed so that protein is positive at low
 * frequencies: `sin(pi lambda dz s^2 - pi/2 Cs lambda^3 s^4 + asin(amplitude contrast))`, underfocus dz > 0.
 */
export function contrastTransfer(
  frequencyPerAngstrom: number,
  optics: Microscope & { readonly defocusMicrometre: number },
): number {
  const wavelength = electronWavelengthAngstrom(optics.kilovolt);
  const s2 = frequencyPerAngstrom ** 2;
  const phase =
    Math.PI * wavelength * optics.defocusMicrometre * 1e4 * s2 -
    (Math.PI / 2) * optics.sphericalAberrationMillimetre * 1e7 * wavelength ** 3 * s2 ** 2;
  return Math.sin(phase + Math.asin(optics.amplitudeContrast));
}
