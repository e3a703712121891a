import { formatSnr, type PairedComparison } from "../../evaluate/index.js";

/** "no noise" or "SNR 0.5". */
export function noiseName(snr: number): string {
  return snr === Number.POSITIVE_INFINITY ? "no noise" : `SNR ${formatSnr(snr)}`;
}

/** "95.8", of a fraction. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** "+1.3**": difference in points with its significance. */
export function differenceText({ difference, pValue }: PairedComparison): string {
  const stars = pValue < 0.001 ? "**" : pValue < 0.05 ? "*" : "";
  return `${pointsText(difference)}${stars}`;
}

/** "+1.3": a difference of accuracies in points; one that rounds to nothing has no minus. */
export function pointsText(difference: number): string {
  return signed(100 * difference, 1);
}

/** "+0.013", "-0.250"; what rounds to nothing has no minus. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) > 0 ? "-" : "+"}${text}`;
}

/** With the typographic sign. */
export function minus(text: string): string {
  return text.replace("-", "−");
}
