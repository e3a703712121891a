import { ConfigError } from "../../../errors.js";

/**
 * A curve of detector performance over spatial frequency in cycles per pixel (Nyquist is 0.5): a Gaussian that has fallen to
 * 1/e at `frequency`, the sinc of an ideal square pixel, a measured table (linear in between, constant beyond its ends), or 1.
 */
export type DetectorCurve =
  | { readonly kind: "none" }
  | { readonly kind: "pixel" }
  | { readonly kind: "gaussian"; readonly frequency: number }
  | { readonly kind: "table"; readonly frequencies: readonly number[]; readonly values: readonly number[] };

/**
 * `mtf` passes signal and shot noise alike. The noise that the detector adds is white unless `dqe` is given; then it is what
 * the detective quantum efficiency says: NPS = dose MTF^2 / DQE, of which dose MTF^2 is shot noise.
 */
export interface DetectorOptions {
  readonly mtf: DetectorCurve;
  readonly dqe?: DetectorCurve;
  /** Fraction of the recorded noise variance that arises before the detector; with `dqe` that curve decides. */
  readonly noiseShareBefore: number;
}

/** The transfer of the particle renderer, and noise half before and half after it (Pei et al. 2016). */
export const defaultDetector: DetectorOptions = { mtf: { kind: "gaussian", frequency: 0.3 }, noiseShareBefore: 0.5 };

/** The value of a curve at a frequency in cycles per pixel. */
export function detectorValue(curve: DetectorCurve, frequency: number): number {
  const f = Math.abs(frequency);
  if (curve.kind === "none") return 1;
  if (curve.kind === "gaussian") return Math.exp(-((f / curve.frequency) ** 2));
  if (curve.kind === "pixel") return f === 0 ? 1 : Math.sin(Math.PI * f) / (Math.PI * f);
  const { frequencies, values } = curve;
  const above = frequencies.findIndex((known) => known >= f);
  if (above < 0) return values[values.length - 1];
  if (above === 0) return values[0];
  const [low, high] = [frequencies[above - 1], frequencies[above]];
  const t = (f - low) / (high - low);
  return (1 - t) * values[above - 1] + t * values[above];
}

/** @throws ConfigError when a curve is not one. */
export function checkDetector({ mtf, dqe, noiseShareBefore }: DetectorOptions): void {
  const refuse = (message: string, hint: string): never => {
    throw new ConfigError(`the detector's ${message}`, { hint });
  };
  if (!(noiseShareBefore >= 0 && noiseShareBefore <= 1))
    refuse(`fraction of noise before it cannot be ${noiseShareBefore}`, "Give 0 to 1.");
  for (const [name, curve] of [
    ["mtf", mtf],
    ["dqe", dqe],
  ] as const) {
    if (curve?.kind === "gaussian" && !(curve.frequency > 0))
      refuse(`${name} cannot fall to 1/e at ${curve.frequency}`, "Give a positive frequency in cycles per pixel.");
    if (curve?.kind !== "table") continue;
    const { frequencies, values } = curve;
    const rising = frequencies.every((f, i) => f >= 0 && (i === 0 || f > frequencies[i - 1]));
    if (frequencies.length < 2 || values.length !== frequencies.length || !rising)
      refuse(`${name} table is not a table`, "Give two or more rising frequencies from 0 and as many values.");
    if (!values.every((value) => value >= 0 && value <= 1 && (name === "mtf" || value > 0)))
      refuse(`${name} table has values out of range`, "Give fractions of 1; a DQE cannot be 0.");
  }
}
