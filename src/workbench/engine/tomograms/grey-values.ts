/** Which grey values a tomogram has, from a few of its sections: reading all of a large file would take long. */
import type { Tomogram } from "../../../files/tomogram/index.js";
import type { TomogramInfo } from "../../protocol/index.js";

const SAMPLED_SECTIONS = 9;
const SAMPLED_VOXELS = 1_000_000;
const KEPT_VALUES = 300_000;
/** Half a per cent at either end is gold, dust and noise. */
const CUT_FRACTION = 0.005;
/** Beyond the histogram lies one value of a thousand. */
const HISTOGRAM_CUT_FRACTION = 0.0005;
const HISTOGRAM_STEPS = 256;

/** @throws FileError, FormatError */
export async function greyValues(tomogram: Tomogram): Promise<Pick<TomogramInfo, "greyRange" | "greyHistogram">> {
  const sample = (await sampled(tomogram)).sort();
  const at = (fraction: number) => sample[Math.round(fraction * (sample.length - 1))]!;
  const from = at(HISTOGRAM_CUT_FRACTION);
  const to = at(1 - HISTOGRAM_CUT_FRACTION);
  const counts = new Array<number>(HISTOGRAM_STEPS).fill(0);
  const stepsPerGrey = HISTOGRAM_STEPS / (to - from || 1);
  for (const value of sample)
    if (value >= from && value <= to)
      counts[Math.min(HISTOGRAM_STEPS - 1, Math.floor((value - from) * stepsPerGrey))]!++;
  return { greyRange: [at(CUT_FRACTION), at(1 - CUT_FRACTION)], greyHistogram: { from, to, counts } };
}

/** Bands of rows in sections over the whole depth, each at another height. */
async function sampled({ shape: [nz, ny, nx], read }: Tomogram): Promise<Float32Array> {
  const sections = Math.min(nz, SAMPLED_SECTIONS);
  const rows = Math.min(ny, Math.ceil(SAMPLED_VOXELS / sections / nx));
  // Odd, so that a stride does not fall on the same columns of every row.
  const stride = 2 * Math.floor((sections * rows * nx) / KEPT_VALUES / 2) + 1;
  const perSection = Math.ceil((rows * nx) / stride);
  const sample = new Float32Array(sections * perSection);
  for (let i = 0; i < sections; i++) {
    const y = Math.floor(((ny - rows) * (i % 3)) / 2);
    const values = await read([Math.floor(((i + 0.5) * nz) / sections), y, 0], [1, rows, nx]);
    for (let j = 0; j < perSection; j++) sample[i * perSection + j] = values[j * stride]!;
  }
  return sample;
}
