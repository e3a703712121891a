import { ConfigError } from "../../../errors.js";

/** In which order the tilts are taken, which decides how much damage each image shows. */
export interface TiltSchemeOptions {
  /**
   * "continuous": lowest to highest. "bidirectional": from the start tilt up to the highest, then from one step below the
   * start down to the lowest. "dose-symmetric": outwards from the start tilt, both sides in turn (Hagen, Wan and Briggs 2017).
   */
  readonly order: "continuous" | "bidirectional" | "dose-symmetric";
  readonly lowestDegrees: number;
  readonly highestDegrees: number;
  readonly stepDegrees: number;
  /** Where a bidirectional or dose-symmetric series starts; rounded to the nearest tilt of the series. */
  readonly startDegrees: number;
  /** Images taken on one side before a dose-symmetric series changes to the other. */
  readonly groupSize: number;
  /** Electrons through a square Ångström of specimen plane over the whole series. */
  readonly totalDoseElectronPerSquareAngstrom: number;
  /** "even": every image gets the same dose; "inverse-cosine": more at high tilt, where the specimen is thicker. */
  readonly doseDistribution: "even" | "inverse-cosine";
}

/** Sixty degrees to both sides in steps of three, dose-symmetric in groups of two, 100 electrons per square Ångström. */
export const defaultTiltScheme: TiltSchemeOptions = {
  order: "dose-symmetric",
  lowestDegrees: -60,
  highestDegrees: 60,
  stepDegrees: 3,
  startDegrees: 0,
  groupSize: 2,
  totalDoseElectronPerSquareAngstrom: 100,
  doseDistribution: "even",
};

/** One image to be taken. */
export interface ScheduledTilt {
  readonly tiltDegrees: number;
  /** Place in time, from 0. */
  readonly acquisition: number;
  readonly doseElectronPerSquareAngstrom: number;
  /** What the specimen has received before this image. */
  readonly priorDoseElectronPerSquareAngstrom: number;
}

/**
 * The images of a series in rising order of tilt, with their time and dose.
 * @throws ConfigError naming the option that cannot be used.
 */
export function tiltScheme(overrides: Partial<TiltSchemeOptions> = {}): ScheduledTilt[] {
  const options = { ...defaultTiltScheme, ...overrides };
  checkScheme(options);
  const { lowestDegrees, highestDegrees, stepDegrees, totalDoseElectronPerSquareAngstrom: total } = options;
  const count = Math.floor((highestDegrees - lowestDegrees) / stepDegrees + 1e-6) + 1;
  const degrees = Array.from({ length: count }, (_, i) => lowestDegrees + i * stepDegrees);
  const order = acquisitionOrder(count, options);
  const weights = degrees.map((tilt) =>
    options.doseDistribution === "even" ? 1 : 1 / Math.max(0.05, Math.cos((tilt * Math.PI) / 180)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const tilts: ScheduledTilt[] = new Array(count);
  let prior = 0;
  order.forEach((index, acquisition) => {
    const dose = (total * weights[index]) / sum;
    tilts[index] = {
      tiltDegrees: degrees[index],
      acquisition,
      doseElectronPerSquareAngstrom: dose,
      priorDoseElectronPerSquareAngstrom: prior,
    };
    prior += dose;
  });
  return tilts;
}

/** Indices of the tilts in the order they are taken. */
function acquisitionOrder(count: number, options: TiltSchemeOptions): number[] {
  const { order, lowestDegrees, stepDegrees, startDegrees, groupSize } = options;
  const all = Array.from({ length: count }, (_, i) => i);
  if (order === "continuous") return all;
  const start = Math.max(0, Math.min(count - 1, Math.round((startDegrees - lowestDegrees) / stepDegrees)));
  const upwards = all.slice(start);
  const downwards = all.slice(0, start).reverse();
  if (order === "bidirectional") return [...upwards, ...downwards];
  const taken = [upwards.shift()!];
  for (let side = 0; upwards.length + downwards.length > 0; side++)
    taken.push(...(side % 2 === 0 ? upwards : downwards).splice(0, groupSize));
  return taken;
}

function checkScheme(options: TiltSchemeOptions): void {
  const require = (good: boolean, name: keyof TiltSchemeOptions, hint: string) => {
    if (!good) throw new ConfigError(`tilt option ${name} cannot be ${JSON.stringify(options[name])}`, { hint });
  };
  const { lowestDegrees: low, highestDegrees: high, stepDegrees, groupSize } = options;
  require(low > -90 && low <= 80, "lowestDegrees", "Give a tilt above -90 degrees.");
  require(high < 90 && high >= low, "highestDegrees", "Give a tilt below 90 degrees, not under the lowest.");
  require(stepDegrees > 0 &&
    (high - low) / stepDegrees <= 1000, "stepDegrees", "Give a step that makes 1 to 1000 images.");
  require(Number.isFinite(options.startDegrees), "startDegrees", "Give the first tilt in degrees.");
  require(Number.isInteger(groupSize) && groupSize > 0, "groupSize", "Give a whole number from 1.");
  require(options.totalDoseElectronPerSquareAngstrom > 0, "totalDoseElectronPerSquareAngstrom", "Give more than 0.");
}
