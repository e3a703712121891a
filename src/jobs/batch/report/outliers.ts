/** Which tomograms are unlike the others of a batch. */
import { median, robustDeviation } from "../../../volume/index.js";

/** What is compared. */
export interface ComparedTomogram {
  readonly counts: readonly number[];
  readonly candidates: number;
  readonly contrast: string;
  readonly voxelSize: string;
}

/** Of fewer tomograms nobody can say what is usual. */
const FEWEST = 5;
/** In deviations from the median, as outliers of a normal distribution are told by the median absolute deviation. */
const FARTHEST = 3.5;
/** What fewer than this fraction of the tomograms have is unusual. */
const UNUSUAL = 0.2;

/** In what each tomogram is unlike the others, as sentences; an empty list for one that is not. */
export function outlierReasons(tomograms: readonly ComparedTomogram[], classes: readonly string[]): string[][] {
  if (tomograms.length < FEWEST) return tomograms.map(() => []);
  const numbers: (readonly [what: string, values: readonly number[]])[] = [
    ["candidates", tomograms.map(({ candidates }) => candidates)],
    ...classes.map((name, label) => [`picks of ${name}`, tomograms.map(({ counts }) => counts[label] ?? 0)] as const),
  ];
  const words = [
    ["contrast", tomograms.map(({ contrast }) => contrast.split(",")[0] ?? "")],
    ["voxel size", tomograms.map(({ voxelSize }) => voxelSize.split(",")[0] ?? "")],
  ] as const;
  return tomograms.map((_, i) => [
    ...numbers.flatMap(([what, values]) => {
      const usual = median(values);
      // Counts vary by their square root at least.
      const spread = Math.max(robustDeviation(values, usual), Math.sqrt(usual), 1);
      const value = values[i] ?? usual;
      return Math.abs(value - usual) > FARTHEST * spread ? [`${value} ${what}, ${usual} are usual`] : [];
    }),
    ...words.flatMap(([what, values]) => {
      const same = values.filter((value) => value === values[i]).length;
      return same < UNUSUAL * values.length ? [`${what}: ${values[i]}, as in ${same} of ${values.length}`] : [];
    }),
  ]);
}
