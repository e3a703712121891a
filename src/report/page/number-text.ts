/** How numbers are written for people, in pages and in texts for a terminal. */
import { formatSnr, type Interval } from "../../evaluate/index.js";

/** "1,234". */
export function groupedText(value: number): string {
  return value.toLocaleString("en-US");
}

/** "95.8 %" for 0.958, with a narrow no-break space before the sign. Use 0 digits where a decimal would be noise. */
export function percentText(fraction: number, digits = 1): string {
  return Number.isFinite(fraction) ? `${(100 * fraction).toFixed(digits)}\u202f%` : "–";
}

/** "88 to 98 %", limited to 0 to 100 %. */
export function percentRange([low, high]: Interval, digits = 1): string {
  const show = (value: number) => (100 * Math.max(0, Math.min(1, value))).toFixed(digits);
  return `${show(low)} to ${show(high)}\u202f%`;
}

/** "0.85"; "–" where there is no number. */
export function scoreText(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

/** "0.81 to 0.88"; "–" where either end is no number. */
export function scoreRange([low, high]: Interval): string {
  return Number.isFinite(low) && Number.isFinite(high) ? `${scoreText(low)} to ${scoreText(high)}` : "–";
}

/** "+0.013", "-0.250"; what rounds to zero has no minus. */
export function signedText(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) > 0 ? "-" : "+"}${text}`;
}

/** "+1.3": a difference of fractions, in percentage points. */
export function pointsText(difference: number): string {
  return signedText(100 * difference, 1);
}

/** The same number with the typographic minus sign. */
export function minus(text: string): string {
  return text.replace("-", "−");
}

/** "no noise" or "SNR 0.5". */
export function noiseText(snr: number): string {
  return snr === Infinity ? "no noise" : `SNR ${formatSnr(snr)}`;
}

/** "8.2 s", "3 min 20 s", "2 h 5 min". */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
