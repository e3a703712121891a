/** A tomogram as it was given. */
export interface ListedTomogram {
  readonly path: string;
  /** As a list calls it; undefined where only the file is named. */
  readonly name: string | undefined;
  /** As a list says. */
  readonly voxelSizeAngstrom: number | undefined;
  /** What named it. */
  readonly source: string;
}

/** "TS_2" before "TS_10". */
export function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
