import { join } from "node:path";
import { openRandomAccess } from "../../files/disk/index.js";
import { openMrc, type RandomAccessSource } from "../../io/index.js";
import { packingPicture } from "../../report/index.js";
import {
  addScaled,
  fillNoise,
  fillVariances,
  formImages,
  projectRows,
  type RowRange,
  reconstructRows,
} from "../../simulate/index.js";
import type { Shape3 } from "../../volume/index.js";
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
  packing: drawPacking,
  touch,
  page: writeTomogramPage,
};

/** A part of the work on a tomogram: rows of a volume, images of a series, boxes, or what the page shows. */
export type TomogramJob = {
  [K in keyof typeof PARTS]: { readonly kind: K; readonly args: Parameters<(typeof PARTS)[K]> };
}[keyof typeof PARTS];

/** Does a job; what it writes does not depend on how the whole was divided. */
export async function runTomogramJob({ kind, args }: TomogramJob): Promise<void> {
  await (PARTS[kind] as (...args: TomogramJob["args"]) => void | Promise<void>)(...args); // `args` are those of `kind`
}

/** Draws class labels into `pixels`, see `packingPicture`. */
function drawPacking(labels: Uint8Array, shape: Shape3, pixels: Uint8Array): void {
  pixels.set(packingPicture(labels, shape, PACKING_SIZE).pixels);
}

/** Pixels of the picture of what is packed. */
export const PACKING_SIZE = { width: 900, height: 640 } as const;

const PAGE_BYTES = 4096;

/** Has the system provide the pages of new memory, which another thread may be writing to. */
function touch(memory: Int32Array): void {
  for (let at = 0; at < memory.length; at += PAGE_BYTES / 4) Atomics.or(memory, at, 0);
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
  const path = join(folder, noiseFree);
  await using file = await openRandomAccess(path);
  const signal = await openMrc(inOneMemory(file), { name: path });
  const [, ny, nx] = signal.shape;
  for (let z = first; z < end; z++) {
    const section = field.subarray(z * ny * nx, (z + 1) * ny * nx);
    addScaled(await signal.read([z, 0, 0], [1, ny, nx]), section, factor, section);
  }
}

/** A file that is read into the same memory again and again: what was read is good until the next time. */
function inOneMemory({ byteLength, read }: RandomAccessSource): RandomAccessSource {
  let memory = new Uint8Array(0);
  return {
    byteLength,
    read(offset, length) {
      if (memory.byteLength < length) memory = new Uint8Array(length);
      return read(offset, length, memory);
    },
  };
}
