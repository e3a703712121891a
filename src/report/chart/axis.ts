/** A mapping from data to picture coordinates with the places of its ticks. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** An even scale from `low` to `high`; ticks at 1, 2 or 5 times a power of ten. */
export function linearAxis(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  { tickCount = 5, label }: { tickCount?: number; label?: (value: number) => string } = {},
): Axis {
  const span = high > low ? high - low : 1;
  const step = roundStep(span / tickCount);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const place = (value: number) => from + ((value - low) / span) * (to - from);
  const ticks: { at: number; label: string }[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= low + span * (1 + 1e-9); k++) {
    const value = k * step;
    ticks.push({ at: place(value), label: label ? label(value) : value.toFixed(digits) });
  }
  return { place, ticks };
}

/** A logarithmic scale (both ends positive); ticks at powers of ten, and at 2 and 5 times them when there are few. */
export function logAxis([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Axis {
  const [logLow, logHigh] = [Math.log10(low), Math.log10(high > low ? high : low * 10)];
  const place = (value: number) => from + ((Math.log10(value) - logLow) / (logHigh - logLow)) * (to - from);
  const multiples = logHigh - logLow > 2.5 ? [1] : [1, 2, 5];
  const ticks: { at: number; label: string }[] = [];
  for (let power = Math.floor(logLow); power <= Math.ceil(logHigh); power++)
    for (const multiple of multiples) {
      const value = Number(`${multiple}e${power}`);
      if (value >= low * (1 - 1e-9) && value <= 10 ** logHigh * (1 + 1e-9))
        ticks.push({ at: place(value), label: compactNumber(value) });
    }
  return { place, ticks };
}

/** "250", "1.5k", "2M", "0.05". */
export function compactNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((multiple) => multiple * power >= rough * (1 - 1e-9)) ?? 10);
}
