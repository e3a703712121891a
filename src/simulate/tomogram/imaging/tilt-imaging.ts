import { ConfigError } from "../../../errors.js";
import type { Random } from "../../../volume/index.js";
import type { ImageOptics } from "./ctf-image.js";
import { checkDetector, type DetectorOptions, defaultDetector } from "./detector.js";
import { defaultTiltScheme, type ScheduledTilt, type TiltSchemeOptions, tiltScheme } from "./tilt-scheme.js";

/** How a whole specimen is imaged. Deviations are standard deviations of normal deviates, drawn anew for each image. */
export interface TiltImagingOptions {
  readonly scheme: TiltSchemeOptions;
  readonly kilovolt: number;
  readonly sphericalAberrationMillimetre: number;
  /** Share of amplitude contrast, 0 to 1. */
  readonly amplitudeContrast: number;
  /** Of a phase plate; 0 for none. */
  readonly phaseShiftDegrees: number;
  /** Underfocus, positive. */
  readonly defocusMicrometre: number;
  readonly defocusDeviationMicrometre: number;
  /** Largest minus smallest defocus over all directions, and the direction of the largest from x towards y. */
  readonly astigmatismMicrometre: number;
  readonly astigmatismDegrees: number;
  /** false leaves the contrast transfer out: projections of the density times a constant. */
  readonly contrastTransfer: boolean;
  /** Fading of high frequencies with dose; see dose.ts. */
  readonly radiationDamage: boolean;
  readonly detector: DetectorOptions;
  /**
   * Thickness of the ice. Electrons that lose energy are taken to be filtered out, so that exp(-thickness / (path cos tilt))
   * of the dose is recorded. The specimen's own thickness when absent.
   */
  readonly iceThicknessAngstrom?: number;
  /** Mean free path for energy loss; about 3,950 Å in ice at 300 kV (Rice et al. 2018). */
  readonly inelasticPathAngstrom: number;
  /** Error of the alignment: each image is off by so much along x and along y. */
  readonly alignmentDeviationAngstrom: number;
  /** Error of the stage: the true tilt is off the nominal one by so much. */
  readonly tiltDeviationDegrees: number;
}

/** A 300 kV microscope with an energy filter, 4 micrometres underfocus. */
const defaultTiltImaging: TiltImagingOptions = {
  scheme: defaultTiltScheme,
  kilovolt: 300,
  sphericalAberrationMillimetre: 2.7,
  amplitudeContrast: 0.07,
  phaseShiftDegrees: 0,
  defocusMicrometre: 4,
  defocusDeviationMicrometre: 0.1,
  astigmatismMicrometre: 0.05,
  astigmatismDegrees: 30,
  contrastTransfer: true,
  radiationDamage: true,
  detector: defaultDetector,
  inelasticPathAngstrom: 3950,
  alignmentDeviationAngstrom: 2,
  tiltDeviationDegrees: 0,
};

/** One image of a series: when it was taken, from where, and through which optics. */
interface PlannedTilt extends ScheduledTilt {
  /** What the stage really did; `tiltDegrees` is what it reports and what reconstruction assumes. */
  readonly trueTiltDegrees: number;
  readonly optics: ImageOptics;
  /** By how much the image lies off its assumed place. */
  readonly shiftAngstrom: { readonly x: number; readonly y: number };
}

/** All images in rising order of nominal tilt. Plain data: it goes to worker threads and into sidecar files as it is. */
export interface TiltPlan {
  readonly imaging: TiltImagingOptions;
  readonly tilts: readonly PlannedTilt[];
}

/**
 * Settles everything about a series but its pixels. Each image's deviates depend on the seed of `random` and its place in
 * the series only.
 * @throws ConfigError naming the option that cannot be used.
 */
export function planTiltSeries(
  overrides: Partial<Omit<TiltImagingOptions, "scheme">> & { readonly scheme?: Partial<TiltSchemeOptions> },
  random: Random,
): TiltPlan {
  const scheme = { ...defaultTiltScheme, ...overrides.scheme };
  const imaging: TiltImagingOptions = { ...defaultTiltImaging, ...overrides, scheme };
  checkTiltImaging(imaging);
  const tilts = tiltScheme(scheme).map((tilt, index): PlannedTilt => {
    const own = random.fork("tilt", index);
    const deviate = (deviation: number) => deviation * own.normal();
    return {
      ...tilt,
      optics: {
        kilovolt: imaging.kilovolt,
        sphericalAberrationMillimetre: imaging.sphericalAberrationMillimetre,
        amplitudeContrast: imaging.amplitudeContrast,
        phaseShiftDegrees: imaging.phaseShiftDegrees,
        defocusMicrometre: imaging.defocusMicrometre + deviate(imaging.defocusDeviationMicrometre),
        astigmatismMicrometre: imaging.astigmatismMicrometre,
        astigmatismDegrees: imaging.astigmatismDegrees,
      },
      shiftAngstrom: { x: deviate(imaging.alignmentDeviationAngstrom), y: deviate(imaging.alignmentDeviationAngstrom) },
      trueTiltDegrees: tilt.tiltDegrees + deviate(imaging.tiltDeviationDegrees),
    };
  });
  return { imaging, tilts };
}

function checkTiltImaging(options: TiltImagingOptions): void {
  const require = (good: boolean, name: keyof TiltImagingOptions, hint: string) => {
    if (!good) throw new ConfigError(`imaging option ${name} cannot be ${JSON.stringify(options[name])}`, { hint });
  };
  const notNegative = [
    "defocusDeviationMicrometre",
    "astigmatismMicrometre",
    "alignmentDeviationAngstrom",
    "tiltDeviationDegrees",
    "sphericalAberrationMillimetre",
  ] as const;
  for (const name of notNegative) require(options[name] >= 0 && options[name] < Infinity, name, "Give 0 or more.");
  const finite = ["phaseShiftDegrees", "defocusMicrometre", "astigmatismDegrees"] as const;
  for (const name of finite) require(Number.isFinite(options[name]), name, "Give a number.");
  require(options.kilovolt >= 10 && options.kilovolt <= 3000, "kilovolt", "Give the voltage, such as 300.");
  require(options.amplitudeContrast >= 0 && options.amplitudeContrast <= 1, "amplitudeContrast", "Give 0 to 1.");
  require(options.inelasticPathAngstrom > 0, "inelasticPathAngstrom", "Give a length; Infinity for no loss.");
  const { iceThicknessAngstrom: ice } = options;
  require(ice === undefined || (ice >= 0 && ice < Infinity), "iceThicknessAngstrom", "Give 0 or more Ångström.");
  require(options.tiltDeviationDegrees <= 2, "tiltDeviationDegrees", "Give at most 2 degrees.");
  checkDetector(options.detector);
}
