import type { PartSettings } from "./settings.js";

/** Something that is measured once and kept. */
export interface Measurement<Result> {
  /** Of its file, and in the progress. */
  readonly name: string;
  /** What it follows from besides the seed, the networks and the complexes. */
  readonly follows: object;
  /** About how long it takes on two cores that do nothing else. */
  readonly seconds: number;
  readonly measure: (settings: PartSettings) => Promise<Result>;
}

/** Makes a planned measurement, or reads it where an earlier run has made it. @throws what the measurement throws. */
export type MeasurementRunner = <Result>(measurement: Measurement<Result>) => Promise<Result>;

/** A runner whose progress says how many of the planned measurements are made, and how long the others will take. */
export function measurementRunner(planned: readonly Measurement<unknown>[], settings: PartSettings): MeasurementRunner {
  const { steps, seed, origin, onProgress } = settings;
  const made: Measurement<unknown>[] = [];
  return async (measurement) => {
    const { name, follows, measure } = measurement;
    const left = planned.filter((other) => !made.includes(other));
    const minutes = Math.ceil(secondsLeft(left, made, steps.seconds) / 60);
    const where = `${made.length + 1} of ${planned.length} measurements, about ${minutes} min left: ${name}`;
    const result = await steps.once(name, { seed, origin, ...follows }, () =>
      measure({ ...settings, onProgress: (report) => onProgress?.({ ...report, stage: `${where}: ${report.stage}` }) }),
    );
    made.push(measurement);
    return result;
  };
}

/** What measurements will take on this machine, which took so long for others. */
export function secondsLeft(
  left: readonly Pick<Measurement<unknown>, "seconds">[],
  made: readonly Pick<Measurement<unknown>, "name" | "seconds">[],
  taken: ReadonlyMap<string, number>,
): number {
  const expected = (measurements: readonly Pick<Measurement<unknown>, "seconds">[]) =>
    measurements.reduce((sum, { seconds }) => sum + seconds, 0);
  const took = made.reduce((sum, { name }) => sum + (taken.get(name) ?? 0), 0);
  return expected(left) * (made.length > 0 ? took / expected(made) : 1);
}

/** Work that several measurements need, done when the first of them is made. */
export function madeOnce<Result>(
  work: (settings: PartSettings) => Promise<Result>,
): (settings: PartSettings) => Promise<Result> {
  let result: Promise<Result> | undefined;
  return (settings) => {
    result ??= work(settings);
    return result;
  };
}
