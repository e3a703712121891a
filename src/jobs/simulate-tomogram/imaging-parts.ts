import { join } from "node:path";
import { openTomogram } from "../../files/tomogram/index.js";
import {
  addScaled,
  fillNoise,
  fillVariances,
  formImages,
  projectRows,
  type RowRange,
  reconstructRows,
} from "../../simulate/index.js";
import { cutBoxes, cutMasks } from "./box-parts.js";
import { writeTomogramPage } from "./report.js";

/** The work on a tomogram that is divided: each takes plain data over shared memory, and last the rows or images to do. */
const PARTS = {
  project: projectRows,
  form: formImages,
  noise: fillNoise,
  reconstruct: reconstructRows,
  variances: fillVariances,
  addSignal,
  boxes: cutBoxes,
  masks: cutMasks,
  page: writeTomogramPage,
};

/** A part of the work on a tomogram: rows of a volume, images of a series, boxes, or the page that shows it. */
export type TomogramJob = {
  [K in keyof typeof PARTS]: { readonly kind: K; readonly args: Parameters<(typeof PARTS)[K]> };
}[keyof typeof PARTS];

/** Does a job; what it writes does not depend on how the whole was divided. */
export async function runTomogramJob({ kind, args }: TomogramJob): Promise<void> {
  await (PARTS[kind] as (...args: TomogramJob["args"]) => void | Promise<void>)(...args); // `args` are those of `kind`
}

/** A field of noise that becomes a tomogram, and the file of the tomogram without noise. */
export interface SignalJob {
  readonly field: Float32Array;
  readonly factor: number;
  readonly folder: string;
  readonly noiseFree: string;
}

/** Scales some sections of a field of noise and adds those of the file. @throws FileError, FormatError */
async function addSignal({ field, factor, folder, noiseFree }: SignalJob, { first, end }: RowRange): Promise<void> {
  await using signal = await openTomogram(join(folder, noiseFree));
  const [, ny, nx] = signal.shape;
  for (let z = first; z < end; z++) {
    const section = field.subarray(z * ny * nx, (z + 1) * ny * nx);
    addScaled(await signal.read([z, 0, 0], [1, ny, nx]), section, factor, section);
  }
}
