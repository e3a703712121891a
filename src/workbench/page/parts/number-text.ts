/** Numbers as a person reads them. */

export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}

/** "13.48 Å": four digits, no zeros at the end. */
export function angstromText(length: number): string {
  return `${Number(length.toPrecision(4))} Å`;
}

/** "2.1 GB" */
export function byteText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** "87 %"; a dash where there is nothing to take a fraction of. */
export function percentText(fraction: number): string {
  return Number.isFinite(fraction) ? `${Math.round(100 * fraction)} %` : "–";
}

/** "8 s", "2 min 5 s", "1 h 12 min" */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time left as one may say it while it is not known better: "about 40 s left", "about 3 min left". */
export function timeLeftText(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Number((seconds / 3600).toFixed(1))} h left`;
}

/** "x 120, y 48, z 30": voxels of a position. */
export function positionText({ x, y, z }: { readonly x: number; readonly y: number; readonly z: number }): string {
  return `x ${Math.round(x)}, y ${Math.round(y)}, z ${Math.round(z)}`;
}
