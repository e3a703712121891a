import { electronWavelengthAngstrom, type Microscope } from "../../particle/imaging.js";

/** What the contrast transfer of one image depends on. */
export interface ImageOptics extends Microscope {
  /** Phase shift of a phase plate; 90 makes it a Zernike plate. */
  readonly phaseShiftDegrees: number;
  /** Underfocus, positive: the mean of its largest and smallest value over all directions. */
  readonly defocusMicrometre: number;
  /** Largest minus smallest defocus. */
  readonly astigmatismMicrometre: number;
  /** Direction of the largest defocus, from x towards y. */
  readonly astigmatismDegrees: number;
}

/**
 * Contrast transfer at a spatial frequency (1/Å), signed so that protein is positive at low frequencies:
 * `sin(pi lambda dz(a) s^2 - pi/2 Cs lambda^3 s^4 + shift + asin(amplitude contrast))` with
 * `dz(a) = dz + astigmatism / 2 cos 2(a - a0)` in direction a (Rohou and Grigorieff 2015, sign reversed).
 */
export function imageContrastTransfer(optics: ImageOptics): (sx: number, sy: number) => number {
  const wavelength = electronWavelengthAngstrom(optics.kilovolt);
  const linear = Math.PI * wavelength * 1e4;
  const quartic = (Math.PI / 2) * optics.sphericalAberrationMillimetre * 1e7 * wavelength ** 3;
  const constant = (optics.phaseShiftDegrees * Math.PI) / 180 + Math.asin(optics.amplitudeContrast);
  const axis = (optics.astigmatismDegrees * Math.PI) / 90;
  const half = optics.astigmatismMicrometre / 2;
  // s^2 cos 2(a - a0) = (sx^2 - sy^2) cos 2a0 + 2 sx sy sin 2a0: no arctangent at every pixel.
  const [along, across] = [half * Math.cos(axis), half * Math.sin(axis)];
  return (sx, sy) => {
    const s2 = sx * sx + sy * sy;
    const defocus = optics.defocusMicrometre * s2 + along * (sx * sx - sy * sy) + across * 2 * sx * sy;
    return Math.sin(linear * defocus - quartic * s2 * s2 + constant);
  };
}

/**
 * Where the contrast transfer is zero up to the Nyquist frequency, in cycles per pixel, along the direction of mean defocus:
 * the s^2 at which the phase of `imageContrastTransfer` is a multiple of pi. Empty for overfocus, whose phase has no order.
 */
export function contrastZeros(optics: ImageOptics, pixelSizeAngstrom: number): number[] {
  const wavelength = electronWavelengthAngstrom(optics.kilovolt);
  const linear = Math.PI * wavelength * optics.defocusMicrometre * 1e4;
  const quartic = (Math.PI / 2) * optics.sphericalAberrationMillimetre * 1e7 * wavelength ** 3;
  const constant = (optics.phaseShiftDegrees * Math.PI) / 180 + Math.asin(optics.amplitudeContrast);
  const zeros: number[] = [];
  for (let m = Math.floor(constant / Math.PI) + 1; linear > 0; m++) {
    const rest = m * Math.PI - constant;
    const discriminant = linear ** 2 - 4 * quartic * rest;
    if (discriminant < 0) break; // from here on the phase falls again
    const frequency = pixelSizeAngstrom * Math.sqrt((2 * rest) / (linear + Math.sqrt(discriminant)));
    if (frequency > 0.5) break;
    zeros.push(frequency);
  }
  return zeros;
}

/**
 * Radians per volt and Ångström by which a potential turns the electron wave's phase:
 * `2 pi / (lambda E) (m c^2 + E) / (2 m c^2 + E)`; 6.53e-4 at 300 kV.
 */
export function interactionConstant(kilovolt: number): number {
  const energy = kilovolt * 1e3;
  const rest = 510_998.95;
  return ((2 * Math.PI) / (electronWavelengthAngstrom(kilovolt) * energy)) * ((rest + energy) / (2 * rest + energy));
}
