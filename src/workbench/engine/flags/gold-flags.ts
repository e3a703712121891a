/** Which candidates lie on gold, by the greys around them. */
import { goldLimit } from "../../../infer/index.js";
import { median, robustDeviation } from "../../../volume/index.js";
import type { Thumbnails } from "../../protocol/index.js";

/** The densest value around each, above the middle of all and in their standard deviations. */
export function densest({ edgeVoxels, values }: Thumbnails, isDark: boolean): Float32Array {
  const length = 3 * edgeVoxels ** 2;
  const known = values.filter((value) => !Number.isNaN(value));
  const middle = median(known);
  const deviation = robustDeviation(known, middle);
  return Float32Array.from({ length: values.length / length }, (_, i) => {
    let most = 0;
    for (let at = i * length; at < (i + 1) * length; at++) {
      const height = isDark ? middle - values[at]! : values[at]! - middle;
      if (height > most) most = height; // not where it is no number, outside of the tomogram
    }
    return most / (deviation || 1);
  });
}

/** Whether each stands as far above the others as gold does, for `pick` as well. */
export function isGold(heights: Float32Array): boolean[] {
  const limit = goldLimit(heights);
  return Array.from(heights, (height) => height >= limit);
}
