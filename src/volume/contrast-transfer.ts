/** What a microscope does to the frequencies of an image: contrast transfer, and what exposure leaves of them. */

/** How an image was taken. */
export interface ContrastTransfer {
  readonly kilovolt: number;
  readonly sphericalAberrationMillimetre: number;
  /** Fraction of the contrast that is amplitude contrast, 0 to 1. */
  readonly amplitudeContrast: number;
  /** Underfocus is positive. Along the axis at `defocusAngleDegrees` from x towards y. */
  readonly defocusUAngstrom: number;
  /** Across that axis. */
  readonly defocusVAngstrom: number;
  readonly defocusAngleDegrees: number;
  /** Of a phase plate. Default 0. */
  readonly phaseShiftDegrees?: number;
  /** Å^2. Default 0. */
  readonly bFactor?: number;
  /** What the whole is multiplied by. Default 1. */
  readonly scale?: number;
}

const RADIANS = Math.PI / 180;

/** Å, of electrons of this voltage, relativistic; with RELION's constants. */
export function electronWavelengthAngstrom(kilovolt: number): number {
  const volt = kilovolt * 1e3;
  return 12.2643247 / Math.sqrt(volt * (1 + volt * 0.978466e-6));
}

/**
 * The contrast transfer at a frequency in 1/Å, as RELION has it for images of bright protein: positive at zero frequency, where
 * it is the amplitude contrast. `scale exp(-B k^2 / 4) sin(pi lambda df k^2 - pi/2 Cs lambda^3 k^4 + phase + asin(amplitude))`
 * (RELION 3.1 to 5, src/ctf.h; Mindell and Grigorieff, J. Struct. Biol. 142 (2003) 334).
 */
export function contrastTransferFunction(transfer: ContrastTransfer): (x: number, y: number) => number {
  const { amplitudeContrast, phaseShiftDegrees = 0, bFactor = 0, scale = 1 } = transfer;
  const { defocusUAngstrom: u, defocusVAngstrom: v } = transfer;
  const wavelength = electronWavelengthAngstrom(transfer.kilovolt);
  const sphericalAberration = transfer.sphericalAberrationMillimetre * 1e7; // in Å
  const [linear, quadratic] = [Math.PI * wavelength, (Math.PI / 2) * sphericalAberration * wavelength ** 3];
  const atZero = phaseShiftDegrees * RADIANS + Math.asin(amplitudeContrast);
  const angle = transfer.defocusAngleDegrees * RADIANS;
  const [cosine, sine] = [Math.cos(2 * angle), Math.sin(2 * angle)];
  return (x, y) => {
    const squared = x * x + y * y;
    // k^2 times the defocus along k: cos 2(a - b) k^2 = (x^2 - y^2) cos 2b + 2 x y sin 2b.
    const defocus = ((u + v) * squared + (u - v) * ((x * x - y * y) * cosine + 2 * x * y * sine)) / 2;
    const value = Math.sin(linear * defocus - quadratic * squared * squared + atZero);
    return scale * value * (bFactor === 0 ? 1 : Math.exp((-bFactor * squared) / 4));
  };
}

/**
 * What is left of the amplitude at a frequency in 1/Å after an exposure in electrons per Å^2, at 300 kV (Grant and Grigorieff,
 * eLife 4 (2015) e06980); RELION and WarpTools multiply tilt images by it.
 */
export function exposureWeight(frequency: number, electronsPerSquareAngstrom: number): number {
  if (frequency === 0 || electronsPerSquareAngstrom === 0) return 1;
  return Math.exp((-0.5 * electronsPerSquareAngstrom) / (0.245 * frequency ** -1.665 + 2.81));
}
