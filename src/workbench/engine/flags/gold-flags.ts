/** Which candidates lie on gold, by the greys around them. */

import { median } from "../../../volume/index.js";
import type { Thumbnails } from "../../protocol/index.js";

/** Enough around the centre to hold a bead of 10 nm. */
export const GOLD_REACH_ANGSTROM = 60;
/** As `pick` leaves gold out: its densest voxel exceeds so many times what nine tenths of the candidates stay below. */
const GOLD_FACTOR = 3;
const GOLD_QUANTILE = 0.9;
const GOLD_DEVIATIONS = 8;
/** A standard deviation in median absolute deviations of normal noise. */
const DEVIATION_OF_MEDIAN = 1.4826;

/** The densest value around each, above the middle of all and in their standard deviations. */
export function densest({ edgeVoxels, values }: Thumbnails, isDark: boolean): Float32Array {
  const length = 3 * edgeVoxels ** 2;
  const known = values.filter((value) => !Number.isNaN(value));
  const middle = median(known);
  const deviation = DEVIATION_OF_MEDIAN * median(known.map((value) => Math.abs(value - middle)));
  return Float32Array.from({ length: values.length / length }, (_, i) => {
    let most = 0;
    for (let at = i * length; at < (i + 1) * length; at++) {
      const height = isDark ? middle - values[at]! : values[at]! - middle;
      if (height > most) most = height; // not where it is no number, outside of the tomogram
    }
    return most / (deviation || 1);
  });
}

/** Whether each stands as far above the others as gold does. */
export function isGold(heights: Float32Array): boolean[] {
  const usual = heights.slice().sort()[Math.floor(GOLD_QUANTILE * heights.length)] ?? 0;
  const limit = Math.max(GOLD_DEVIATIONS, GOLD_FACTOR * usual);
  return Array.from(heights, (height) => height >= limit);
}
