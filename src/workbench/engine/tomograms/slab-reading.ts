/** Neighbouring planes, read together: what lies side by side in the file costs little more than one of them. */
import { throwIfAborted } from "../../../errors.js";
import type { Tomogram } from "../../../files/tomogram/index.js";
import { breathe } from "../../../progress.js";
import type { Shape3 } from "../../../volume/index.js";
import { type Axis, type GreyValues, SECTIONS_TOGETHER } from "../../protocol/index.js";
import { planeShape } from "./plane.js";

/** As many planes as fit into these bytes, at two bytes a voxel: more is rare in files of that size. */
const SLAB_BYTES = 48 * 2 ** 20;
/** Planes across x touch every row of the file, so many are taken along; across y a few rows. */
const MOST_PLANES = { z: 1, y: 8, x: 64 } as const satisfies Readonly<Record<Axis, number>>;

export interface Slab {
  readonly first: number;
  readonly count: number;
}

/** The planes that are read together with plane `index`: a fixed division of the axis, so that slabs do not overlap. */
export function slabOf(shape: Shape3, axis: Axis, index: number): Slab {
  const { count, width, height } = planeShape(shape, axis);
  const fitting = Math.min(MOST_PLANES[axis], Math.floor(SLAB_BYTES / (2 * width * height)));
  const together = Math.max(1, fitting - (fitting > SECTIONS_TOGETHER ? fitting % SECTIONS_TOGETHER : 0));
  const first = index - (index % together);
  return { first, count: Math.min(together, count - first) };
}

export interface SlabReading {
  /** All planes, each `[height, width]`. Rejects with what reading throws. */
  readonly planes: Promise<readonly GreyValues[]>;
  /** Resolves as soon as `coarse` gives something; not when that fails. */
  readonly begun: Promise<void>;
  /** A plane as far as it is read: a row that is not is as the nearest that is. */
  coarse(at: number): GreyValues;
}

export interface SlabReadingOptions {
  /** Ends the reading, which then rejects with an AbortError. */
  readonly signal: AbortSignal;
  /** Waited for before each part is read. */
  turn(): Promise<void>;
}

type ReadableTomogram = Pick<Tomogram, "shape" | "readNumbers">;

/** Begins to read the planes of a slab. Across x and y, every 16th row comes first, then those between. */
export function beginSlab(
  tomogram: ReadableTomogram,
  axis: Axis,
  slab: Slab,
  { signal, turn }: SlabReadingOptions,
): SlabReading {
  const { width, height } = planeShape(tomogram.shape, axis);
  const parts = partsOf(tomogram.shape, axis);
  const known = new Uint8Array(height);
  let planes: GreyValues[] | undefined;
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const next = parts.values();
  let coarseLeft = Math.ceil(parts.length / COARSEST);
  const readParts = async () => {
    for (const part of next) {
      await breathe(signal);
      await turn();
      throwIfAborted(signal);
      const block = await readPart(tomogram, axis, slab, part);
      if (axis === "z") planes = [block];
      // Not before its turn, so that few are in memory at a time.
      else planes ??= Array.from({ length: slab.count }, () => emptyAs(block, width * height));
      const { first, count } = part;
      for (const [i, plane] of planes.entries())
        if (axis !== "z")
          copyPlane(block, axis, { width, rows: count, at: i, count: slab.count }, plane.subarray(first * width));
      known.fill(1, first, first + count);
      if (part.isCoarse && --coarseLeft === 0) begin();
    }
  };
  const read = async (): Promise<readonly GreyValues[]> => {
    await Promise.all(Array.from({ length: PARTS_AT_ONCE[axis] }, readParts));
    return planes ?? [];
  };
  return {
    planes: read(),
    begun,
    coarse: (at) => filled(planes![at]!, known, width), // there is something, as `begun` says
  };
}

/** So that one is on its way while another is sorted into the planes; those across y are small pieces, far apart. */
const PARTS_AT_ONCE: Readonly<Record<Axis, number>> = { z: 1, y: 4, x: 2 };
/** Sections along z that are smaller than this are read several at a time. */
const PART_VOXELS = 2 ** 20;
const COARSEST = 16;

interface Part extends Slab {
  /** Comes before all that are not. */
  readonly isCoarse: boolean;
}

/** Rows of the planes, in the order in which they are read. A plane across z is read whole. */
function partsOf([nz, ny, nx]: Shape3, axis: Axis): Part[] {
  if (axis === "z") return [{ first: 0, count: ny, isCoarse: true }];
  const depth = axis === "y" ? 1 : Math.max(1, Math.floor(PART_VOXELS / (ny * nx)));
  return interlaced(Math.ceil(nz / depth)).map((part) => ({
    ...{ first: part * depth, count: Math.min(depth, nz - part * depth) },
    isCoarse: part % COARSEST === 0,
  }));
}

/** 0, 16, 32, ...; then 8, 24, ...; then 4, 12, ...; to the odd numbers. */
function interlaced(count: number): number[] {
  const order: number[] = [];
  for (let part = 0; part < count; part += COARSEST) order.push(part);
  for (let step = COARSEST / 2; step >= 1; step /= 2)
    for (let part = step; part < count; part += 2 * step) order.push(part);
  return order;
}

/** Row z of each plane across x or y lies in section z. */
async function readPart(
  tomogram: ReadableTomogram,
  axis: Axis,
  { first, count }: Slab,
  { first: row, count: rows }: Slab,
): Promise<GreyValues> {
  if (axis === "z") return readSection(tomogram, first);
  const { shape, readNumbers } = tomogram;
  const [, ny, nx] = shape;
  if (axis === "y") return greyValues(await readNumbers([row, first, 0], [rows, count, nx]));
  return greyValues(await readNumbers([row, 0, first], [rows, ny, count]));
}

/** A plane across z. */
export async function readSection({ shape, readNumbers }: ReadableTomogram, index: number): Promise<GreyValues> {
  const [, ny, nx] = shape;
  return greyValues(await readNumbers([index, 0, 0], [1, ny, nx]));
}

function greyValues(values: Awaited<ReturnType<Tomogram["readNumbers"]>>): GreyValues {
  const isWide = values instanceof Float64Array || values instanceof Int32Array || values instanceof Uint32Array;
  return isWide ? new Float32Array(values) : values;
}

function emptyAs(values: GreyValues, length: number): GreyValues {
  return new (values.constructor as new (length: number) => GreyValues)(length);
}

interface PlaneInBlock {
  readonly width: number;
  readonly rows: number;
  /** Which of `count` planes this is. */
  readonly at: number;
  readonly count: number;
}

/** A plane's rows out of a block `[z, y, x]` of several planes. */
function copyPlane(block: GreyValues, axis: Axis, { width, rows, at, count }: PlaneInBlock, into: GreyValues): void {
  if (axis === "y")
    for (let row = 0; row < rows; row++) {
      const from = (row * count + at) * width;
      into.set(block.subarray(from, from + width), row * width);
    }
  else copyColumn(block, at, count, rows * width, into);
}

/** Every `step`-th value, from `from` on. */
function copyColumn(block: GreyValues, from: number, step: number, count: number, into: GreyValues): void {
  for (let to = 0; to < count; to++, from += step) into[to] = block[from]!;
}

/** Rows that are not known are as the last one before them that is; the first is known before any other. */
function filled(plane: GreyValues, known: Uint8Array, width: number): GreyValues {
  const copy = plane.slice();
  for (let row = 0, last = 0; row < known.length; row++) {
    if (known[row]) last = row;
    else copy.copyWithin(row * width, last * width, (last + 1) * width);
  }
  return copy;
}
