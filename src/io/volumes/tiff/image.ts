/** One image of a TIFF file: where its voxels are, and rows of them. */
import { FormatError } from "../../../errors.js";
import { decodeNumbers, type ElementType, elementBytes, viewNumbers } from "../numbers.js";
import type { RandomAccessSource } from "../random-access.js";
import { TIFF_DECOMPRESSORS, undoDifferences } from "./decompress.js";
import type { TiffFields } from "./directory.js";

/** Numbers of the fields that are read. */
const FIELD = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
  subfileType: 254,
} as const;

/** A field's first number; undefined where it is absent. */
export function tiffNumber(fields: TiffFields, field: keyof typeof FIELD): number | undefined {
  const value = fields.get(FIELD[field]);
  return typeof value === "string" ? undefined : value?.[0];
}

/** The ImageDescription, or "". */
export function tiffDescription(fields: TiffFields): string {
  const value = fields.get(FIELD.description);
  return typeof value === "string" ? value : "";
}

/** What all images of a stack have in common, and where the pieces of one are. */
export interface TiffImage {
  readonly width: number;
  readonly height: number;
  readonly type: ElementType;
  readonly compression: number;
  readonly predictor: number;
  readonly isInverted: boolean;
  /** Edges of strips or tiles. */
  readonly pieceWidth: number;
  readonly pieceHeight: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

const TYPES: ReadonlyMap<string, ElementType> = new Map([
  ...([8, 16, 32, 64] as const).map((bits) => [`1/${bits}`, `uint${bits}`] as const),
  ...([8, 16, 32, 64] as const).map((bits) => [`2/${bits}`, `int${bits}`] as const),
  ...([16, 32, 64] as const).map((bits) => [`3/${bits}`, `float${bits}`] as const),
]);
const MOST_PIECE_BYTES = 2 ** 31;

/** @throws FormatError for colours, compressions and types that are not read, each by its name. */
export function tiffImage(fields: TiffFields, where: string): TiffImage {
  const number = (field: keyof typeof FIELD, otherwise: number) => tiffNumber(fields, field) ?? otherwise;
  const [width, height] = [number("width", 0), number("height", 0)];
  if (!(width > 0 && height > 0)) throw new FormatError(`an image of ${width} x ${height} voxels`, where);
  const photometric = number("photometric", 1);
  if (photometric > 1 || number("samples", 1) !== 1)
    throw new FormatError(photometric === 3 ? "a paletted image" : "an image of colours", where, {
      hint: "Save it as grey values, e.g. in ImageJ: Image > Type > 32-bit.",
    });
  const [format, bits] = [number("sampleFormat", 1), number("bits", 1)];
  const type = TYPES.get(`${format === 4 ? 1 : format}/${bits}`);
  const compression = number("compression", 1);
  if (type === undefined || !TIFF_DECOMPRESSORS.has(compression))
    throw new FormatError(
      type === undefined ? `values of ${bits} bits and sample format ${format}` : `compression ${compression}`,
      where,
      { hint: "Save it as 8, 16 or 32 bits, uncompressed or with LZW or Deflate (zlib)." },
    );
  const isTiled = tiffNumber(fields, "tileWidth") !== undefined;
  const pieceWidth = isTiled ? number("tileWidth", 0) : width;
  const pieceHeight = isTiled ? number("tileHeight", 0) : Math.min(number("rowsPerStrip", height), height);
  const list = (field: keyof typeof FIELD) => (fields.get(FIELD[field]) ?? []) as readonly number[];
  const offsets = list(isTiled ? "tileOffsets" : "stripOffsets");
  const byteCounts = list(isTiled ? "tileBytes" : "stripBytes");
  const count = Math.ceil(width / pieceWidth) * Math.ceil(height / pieceHeight);
  if (
    !(
      count <= offsets.length &&
      count <= byteCounts.length &&
      pieceWidth * pieceHeight * (bits / 8) <= MOST_PIECE_BYTES
    )
  )
    throw new FormatError(`${offsets.length} strips or tiles, where ${count} are needed`, where, {
      hint: "The file is damaged; copy it again.",
    });
  const predictor = number("predictor", 1);
  if (predictor !== 1 && !(predictor === 2 && /^u?int(8|16|32)$/.test(type)))
    throw new FormatError(`differences of kind ${predictor} between values of ${type}`, where, {
      hint: "Save it without a predictor.",
    });
  return {
    width,
    height,
    type,
    compression,
    predictor,
    isInverted: photometric === 0,
    pieceWidth,
    pieceHeight,
    offsets,
    byteCounts,
  };
}

/** A rectangle of voxels. */
interface Rectangle {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** Copies a rectangle of an image into `into`, row by row. @throws FormatError for damaged strips and tiles. */
export async function readTiffRectangle(
  source: RandomAccessSource,
  image: TiffImage,
  { y, x, height, width }: Rectangle,
  into: Float32Array,
  { isLittle, where }: { readonly isLittle: boolean; readonly where: string },
): Promise<void> {
  const { pieceWidth, pieceHeight } = image;
  const across = Math.ceil(image.width / pieceWidth);
  for (let row = Math.floor(y / pieceHeight); row * pieceHeight < y + height; row++)
    for (let column = Math.floor(x / pieceWidth); column * pieceWidth < x + width; column++) {
      const [top, left] = [row * pieceHeight, column * pieceWidth];
      const bottom = Math.min(top + pieceHeight, y + height);
      const rows = { first: Math.max(0, y - top), end: bottom - top };
      const values = await readRows(source, image, row * across + column, rows, { isLittle, where });
      const [from, end] = [Math.max(x, left), Math.min(x + width, left + pieceWidth)];
      for (let line = top + rows.first; line < bottom; line++) {
        const start = (line - top - rows.first) * pieceWidth - left;
        into.set(values.subarray(start + from, start + end), (line - y) * width + from - x);
      }
    }
}

/** Rows of one strip or tile; of an uncompressed one only those are read. */
async function readRows(
  source: RandomAccessSource,
  { width, height, type, compression, predictor, pieceWidth, pieceHeight, offsets, byteCounts }: TiffImage,
  index: number,
  { first, end }: { readonly first: number; readonly end: number },
  { isLittle, where }: { readonly isLittle: boolean; readonly where: string },
): Promise<Float32Array> {
  const rowBytes = pieceWidth * elementBytes(type);
  const order = isLittle ? "little" : "big";
  const piece = `${where}, strip or tile ${index + 1}`;
  const isRaw = compression === 1 && predictor === 1;
  const [start, length] = isRaw
    ? [offsets[index] + first * rowBytes, (end - first) * rowBytes]
    : [offsets[index], byteCounts[index]];
  if (!(start + length <= source.byteLength))
    throw new FormatError(`it ends at byte ${start + length} of ${source.byteLength}`, piece, {
      hint: "The file is truncated; copy it again.",
    });
  const bytes = await source.read(start, length);
  if (isRaw) return decodeNumbers(bytes, type, order);
  // The last strip ends with the image; tiles are whole.
  const top = Math.floor(index / Math.ceil(width / pieceWidth)) * pieceHeight;
  const rows = pieceWidth === width ? Math.min(pieceHeight, height - top) : pieceHeight;
  const content = unpacked(bytes, compression, pieceHeight * rowBytes, piece);
  if (content.byteLength < rows * rowBytes)
    throw new FormatError(`it holds ${content.byteLength} bytes, not ${rows * rowBytes}`, piece, {
      hint: "The file is damaged; copy it again.",
    });
  if (predictor === 1) return decodeNumbers(content.subarray(first * rowBytes, end * rowBytes), type, order);
  const values = viewNumbers(new Uint8Array(content), type, order);
  undoDifferences(values as Uint8Array | Uint16Array | Uint32Array, pieceWidth);
  return new Float32Array(values.subarray(first * pieceWidth, end * pieceWidth));
}

function unpacked(bytes: Uint8Array, compression: number, limit: number, where: string): Uint8Array {
  try {
    return TIFF_DECOMPRESSORS.get(compression)!(bytes, limit);
  } catch (cause) {
    throw new FormatError(`it cannot be unpacked: ${String((cause as Error).message).slice(0, 120)}`, where, {
      cause,
      hint: "The file is damaged; copy it again.",
    });
  }
}
