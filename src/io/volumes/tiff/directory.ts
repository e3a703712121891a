/** Headers and directories of TIFF and BigTIFF. Source: TIFF 6.0 (1992); BigTIFF's layout as libtiff documents it. */
import { FormatError } from "../../../errors.js";
import type { RandomAccessSource } from "../random-access.js";

/** Fields of one image by their number: numbers, or the text of ASCII fields. */
export type TiffFields = ReadonlyMap<number, readonly number[] | string>;

/** All images of a file, in their order. */
export interface TiffDirectories {
  readonly isLittle: boolean;
  readonly images: readonly TiffFields[];
}

const MOST_IMAGES = 1_000_000;
/** Bytes of a value of each field type, and how it is read. */
const FIELD_TYPES: ReadonlyMap<
  number,
  { readonly bytes: number; readonly read: (view: DataView, at: number, isLittle: boolean) => number }
> = new Map([
  [1, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [2, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [3, { bytes: 2, read: (view, at, isLittle) => view.getUint16(at, isLittle) }],
  [4, { bytes: 4, read: (view, at, isLittle) => view.getUint32(at, isLittle) }],
  [5, { bytes: 8, read: (view, at, isLittle) => view.getUint32(at, isLittle) / view.getUint32(at + 4, isLittle) }],
  [12, { bytes: 8, read: (view, at, isLittle) => view.getFloat64(at, isLittle) }],
  [13, { bytes: 4, read: (view, at, isLittle) => view.getUint32(at, isLittle) }],
  [16, { bytes: 8, read: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)) }],
  [18, { bytes: 8, read: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)) }],
]);

/** Whether bytes begin as a TIFF or BigTIFF file. */
export function looksLikeTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  return (
    (a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0) ||
    (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43))
  );
}

/** @throws FormatError for damaged files. */
export async function readTiffDirectories(source: RandomAccessSource, name: string): Promise<TiffDirectories> {
  const head = await source.read(0, Math.min(16, source.byteLength));
  if (!looksLikeTiff(head) || head.byteLength < 16) throw new FormatError("not a TIFF file", name);
  const isLittle = head[0] === 0x49;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isBig = view.getUint16(2, isLittle) === 43;
  const images: TiffFields[] = [];
  const seen = new Set<number>();
  let offset = isBig ? Number(view.getBigUint64(8, isLittle)) : view.getUint32(4, isLittle);
  while (offset !== 0) {
    const where = `${name}, image ${images.length + 1}`;
    if (seen.has(offset) || images.length >= MOST_IMAGES)
      throw new FormatError("its directories form a circle, or are too many", where, { hint: "The file is damaged." });
    seen.add(offset);
    const directory = await readDirectory(source, offset, { isLittle, isBig, where });
    images.push(directory.fields);
    offset = directory.next;
  }
  if (images.length === 0) throw new FormatError("there is no image in it", name);
  return { isLittle, images };
}

interface Layout {
  readonly isLittle: boolean;
  readonly isBig: boolean;
  readonly where: string;
}

async function readDirectory(source: RandomAccessSource, offset: number, layout: Layout) {
  const { isLittle, isBig } = layout;
  const [countBytes, entryBytes, nextBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const start = await part(source, offset, countBytes, layout);
  const count = isBig ? Number(start.getBigUint64(0, isLittle)) : start.getUint16(0, isLittle);
  const view = await part(source, offset + countBytes, count * entryBytes + nextBytes, layout);
  const fields = new Map<number, readonly number[] | string>();
  for (let i = 0; i < count; i++) {
    const at = i * entryBytes;
    const type = view.getUint16(at + 2, isLittle);
    const length = isBig ? Number(view.getBigUint64(at + 4, isLittle)) : view.getUint32(at + 4, isLittle);
    const form = FIELD_TYPES.get(type);
    if (form)
      fields.set(
        view.getUint16(at, isLittle),
        await readValues(source, view, at + entryBytes - nextBytes, { ...layout, type, length, ...form }),
      );
  }
  const at = count * entryBytes;
  return { fields, next: isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle) };
}

interface ValueForm extends Layout {
  readonly type: number;
  readonly length: number;
  readonly bytes: number;
  readonly read: (view: DataView, at: number, isLittle: boolean) => number;
}

/** In the entry itself where they fit, else where it points to. */
async function readValues(source: RandomAccessSource, entry: DataView, at: number, form: ValueForm) {
  const { isBig, isLittle, length, bytes, type, read } = form;
  const isInside = length * bytes <= (isBig ? 8 : 4);
  const pointer = isBig ? Number(entry.getBigUint64(at, isLittle)) : entry.getUint32(at, isLittle);
  const view = isInside
    ? new DataView(entry.buffer, entry.byteOffset + at)
    : await part(source, pointer, length * bytes, form);
  if (type === 2) return textOf(new Uint8Array(view.buffer, view.byteOffset, length));
  return Array.from({ length }, (_, i) => read(view, i * bytes, isLittle));
}

/** UTF-8, or Latin-1 as old programs write "µm"; up to the first NUL. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const content = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return new TextDecoder("latin1").decode(content);
  }
}

/** Nothing of the size that is claimed is allocated before the file is known to be as long. */
async function part(source: RandomAccessSource, offset: number, length: number, { where }: Layout): Promise<DataView> {
  if (!(offset + length <= source.byteLength))
    throw new FormatError(`bytes ${offset} to ${offset + length} of ${source.byteLength} are asked for`, where, {
      hint: "The file is truncated or damaged; copy it again.",
    });
  const bytes = await source.read(offset, length);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}
