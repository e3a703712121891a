import type { Interval } from "../../evaluate/index.js";

/** "95.8 %"; a narrow no-break space before the sign. Whole percents when every digit would be noise. */
export function percentText(fraction: number, digits = 1): string {
  return Number.isFinite(fraction) ? `${(100 * fraction).toFixed(digits)}\u202f%` : "–";
}

/** "88 to 98 %". */
export function percentRange([low, high]: Interval, digits = 1): string {
  const show = (value: number) => (100 * Math.max(0, Math.min(1, value))).toFixed(digits);
  return `${show(low)} to ${show(high)}\u202f%`;
}

export function scoreText(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

export function scoreRange([low, high]: Interval, digits = 2): string {
  return Number.isFinite(low) && Number.isFinite(high) ? `${low.toFixed(digits)} to ${high.toFixed(digits)}` : "–";
}

/** "1 particle", "3 particles". */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}

/** "8.2 s", "3 min 20 s", "2 h 5 min". */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
