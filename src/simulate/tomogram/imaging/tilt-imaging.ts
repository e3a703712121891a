import { ConfigError } from "../../../errors.js";
import type { Random } from "../../../volume/index.js";
import type { ImageOptics } from "./ctf-image.js";
import { checkDetector, type DetectorOptions, defaultDetector } from "./detector.js";
import { defaultTiltScheme, type ScheduledTilt, type TiltSchemeOptions, tiltScheme } from "./tilt-scheme.js";

/** How a whole specimen is imaged. Deviations are standard deviations of normal deviates, drawn anew for each image. */
export interface TiltImagingOptions extends ImageOptics {
  readonly scheme: TiltSchemeOptions;
  readonly defocusDeviationMicrometre: number;
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
  /** Error of the alignment: the shift of each image along x and along y. */
  readonly alignmentDeviationAngstrom: number;
  /** Error of the stage: the true tilt minus the nominal one. */
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
  /** The true tilt; `tiltDegrees` is what it reports and what reconstruction assumes. */
  readonly trueTiltDegrees: number;
  readonly optics: ImageOptics;
  /** How far the image lies from its assumed position. */
  readonly shiftAngstrom: { readonly x: number; readonly y: number };
}

/** All images in rising order of nominal tilt. Plain data: it goes to worker threads and into sidecar files as it is. */
export interface TiltPlan {
  readonly imaging: TiltImagingOptions;
  readonly tilts: readonly PlannedTilt[];
}

/**
 * The images of a specimen: `images` is `[tilts, ny, nx]`, pixels as large as voxels, in the order of `plan.tilts`. Values
 * are contrast, relative to the mean intensity, with the sign that makes protein positive.
 */
export interface TiltSeries {
  readonly images: Float32Array;
  readonly shape: readonly [tilts: number, ny: number, nx: number];
  readonly pixelSizeAngstrom: number;
  readonly plan: TiltPlan;
}

/**
 * Decides everything about a series but its pixels. Each image's deviates depend only on the seed of `random` and its
 * position in the series.
 * @throws ConfigError naming the option that cannot be used.
 */
export function planTiltSeries(
  overrides: Partial<Omit<TiltImagingOptions, "scheme">> & { readonly scheme?: Partial<TiltSchemeOptions> },
  random: Random,
): TiltPlan {
  const scheme = { ...defaultTiltScheme, ...overrides.scheme };
  const imaging: TiltImagingOptions = { ...defaultTiltImaging, ...overrides, scheme };
  checkTiltImaging(imaging);
  const { kilovolt, sphericalAberrationMillimetre, amplitudeContrast } = imaging;
  const { phaseShiftDegrees, astigmatismMicrometre, astigmatismDegrees } = imaging;
  const tilts = tiltScheme(scheme).map((tilt, index): PlannedTilt => {
    const own = random.fork("tilt", index);
    const deviate = (deviation: number) => deviation * own.normal();
    return {
      ...tilt,
      optics: {
        kilovolt,
        sphericalAberrationMillimetre,
        amplitudeContrast,
        phaseShiftDegrees,
        defocusMicrometre: imaging.defocusMicrometre + deviate(imaging.defocusDeviationMicrometre),
        astigmatismMicrometre,
        astigmatismDegrees,
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
