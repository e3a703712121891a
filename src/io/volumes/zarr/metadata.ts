/** The metadata of one Zarr array, versions 2 and 3, in one form. Source: the Zarr specifications, zarr-specs.readthedocs.io. */
import { FormatError } from "../../../errors.js";
import { type ByteOrder, type ElementType, elementBytes } from "../numbers.js";
import { type JsonObject, listOf, property, shown } from "./json.js";

/** A codec as the metadata name it. */
export interface CodecDeclaration {
  readonly name: string;
  readonly configuration: JsonObject;
}

/** An array of numbers in chunks. */
export interface ZarrArrayMetadata {
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  readonly type: ElementType;
  /** The value of voxels in chunks that are not there. */
  readonly fillValue: number;
  /** In the order in which they encode. */
  readonly codecs: readonly CodecDeclaration[];
  /** Path of a chunk from the array's folder. */
  readonly chunkKey: (coordinates: readonly number[]) => string;
  readonly dimensionNames: readonly unknown[] | undefined;
}

/** A chunk is held in memory whole. */
const MOST_CHUNK_BYTES = 2 ** 31;
const MOST_DIMENSIONS = 16;
const LARGEST_EDGE = 2 ** 40;

/** Zarr 2's types, after the letter of the byte order. */
const VERSION_2_TYPES: ReadonlyMap<string, ElementType> = new Map([
  ["b1", "bool"],
  ["i1", "int8"],
  ["u1", "uint8"],
  ["i2", "int16"],
  ["u2", "uint16"],
  ["i4", "int32"],
  ["u4", "uint32"],
  ["i8", "int64"],
  ["u8", "uint64"],
  ["f2", "float16"],
  ["f4", "float32"],
  ["f8", "float64"],
]);
const VERSION_3_TYPES = new Set<unknown>(VERSION_2_TYPES.values());

/** `.zarray`, with the attributes of `.zattrs`. @throws FormatError for what cannot be read as an array of numbers. */
export function arrayMetadata2(document: JsonObject, attributes: JsonObject, where: string): ZarrArrayMetadata {
  const { type, byteOrder } = version2Type(property(document, "dtype"), where);
  const rank = listOf(property(document, "shape")).length;
  const separator = property(document, "dimension_separator") === "/" ? "/" : ".";
  const compressor = property(document, "compressor");
  return checked(
    {
      shape: listOf(property(document, "shape")) as readonly number[],
      chunkShape: listOf(property(document, "chunks")) as readonly number[],
      type,
      fillValue: fillValueOf(property(document, "fill_value"), type, where),
      codecs: [
        ...(property(document, "order") === "F" ? [declaration("transpose", { order: reversedAxes(rank) })] : []),
        ...listOf(property(document, "filters")).map(version2Codec),
        declaration("bytes", { endian: byteOrder }),
        ...(compressor === null || compressor === undefined ? [] : [version2Codec(compressor)]),
      ],
      chunkKey: (coordinates) => coordinates.join(separator) || "0",
      dimensionNames: Array.isArray(attributes._ARRAY_DIMENSIONS) ? attributes._ARRAY_DIMENSIONS : undefined,
    },
    where,
  );
}

/** A type as NumPy writes it, "<f4". @throws FormatError for anything but numbers. */
export function version2Type(
  dtype: unknown,
  where: string,
): { readonly type: ElementType; readonly byteOrder: ByteOrder } {
  const text = typeof dtype === "string" ? dtype : "";
  const type = VERSION_2_TYPES.get(text.slice(1)) ?? unreadableType(dtype, where);
  return { type, byteOrder: text[0] === ">" ? "big" : "little" };
}

/** `zarr.json` of an array. @throws FormatError for what cannot be read as an array of numbers. */
export function arrayMetadata3(document: JsonObject, where: string): ZarrArrayMetadata {
  const type = property(document, "data_type");
  if (!VERSION_3_TYPES.has(type)) unreadableType(type, where);
  const grid = property(document, "chunk_grid");
  if (property(grid, "name") !== "regular")
    throw new FormatError(`chunks of an unknown arrangement: ${shown(property(grid, "name"))}`, where, {
      hint: "Rewrite the array with chunks of one size.",
    });
  const names = property(document, "dimension_names");
  return checked(
    {
      shape: listOf(property(document, "shape")) as readonly number[],
      chunkShape: listOf(property(property(grid, "configuration"), "chunk_shape")) as readonly number[],
      type: type as ElementType,
      fillValue: fillValueOf(property(document, "fill_value"), type as ElementType, where),
      codecs: codecDeclarations(property(document, "codecs")),
      chunkKey: chunkKeyOf(property(document, "chunk_key_encoding"), where),
      dimensionNames: Array.isArray(names) ? names : undefined,
    },
    where,
  );
}

/** A list of codecs as version 3 writes it. */
export function codecDeclarations(codecs: unknown): CodecDeclaration[] {
  return listOf(codecs).map((codec) =>
    typeof codec === "string"
      ? declaration(codec, {})
      : declaration(String(property(codec, "name")).slice(0, 60), property(codec, "configuration")),
  );
}

function version2Codec(codec: unknown): CodecDeclaration {
  return declaration(`numcodecs.${String(property(codec, "id")).slice(0, 60)}`, codec);
}

function declaration(name: string, configuration: unknown): CodecDeclaration {
  return { name, configuration: (configuration ?? {}) as JsonObject };
}

function reversedAxes(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

function chunkKeyOf(encoding: unknown, where: string): ZarrArrayMetadata["chunkKey"] {
  const name = property(encoding, "name");
  const separator = property(property(encoding, "configuration"), "separator") ?? (name === "v2" ? "." : "/");
  if ((name !== "default" && name !== "v2") || (separator !== "/" && separator !== "."))
    throw new FormatError(`chunks of unknown names: ${shown(name)}, separator ${shown(separator)}`, where);
  return (coordinates) => (name === "v2" ? coordinates.join(separator) || "0" : ["c", ...coordinates].join(separator));
}

function unreadableType(type: unknown, where: string): never {
  throw new FormatError(`an array of type ${shown(type)} cannot be read`, where, {
    hint: "Volumes are arrays of whole or real numbers; save it as float32.",
  });
}

const NAMED_NUMBERS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [null, 0],
  [undefined, 0],
  [false, 0],
  [true, 1],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** A number, a name of one, or in version 3 the bits of a floating point number as hexadecimal digits. */
function fillValueOf(value: unknown, type: ElementType, where: string): number {
  if (typeof value === "number") return value;
  if (NAMED_NUMBERS.has(value)) return NAMED_NUMBERS.get(value) as number;
  if (typeof value === "string" && /^0x[0-9a-f]{4,16}$/i.test(value) && type.startsWith("float"))
    return numberOfBits(value.slice(2), type);
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return Number(value);
  throw new FormatError(`the fill value ${shown(value)} is not a number`, where);
}

function numberOfBits(digits: string, type: ElementType): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits.padStart(16, "0")}`));
  if (type === "float64") return view.getFloat64(0);
  if (type === "float32") return view.getFloat32(4);
  const bits = view.getUint16(6);
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 31 ? (fraction ? Number.NaN : Number.POSITIVE_INFINITY) : halfSize(exponent, fraction);
  return bits & 0x8000 ? -size : size;
}

function halfSize(exponent: number, fraction: number): number {
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
}

function checked(metadata: ZarrArrayMetadata, where: string): ZarrArrayMetadata {
  const { shape, chunkShape, type } = metadata;
  if (shape.length > MOST_DIMENSIONS || !shape.every((n) => isEdge(n, 0)))
    throw new FormatError(`the shape ${shown(shape)} makes no sense`, where);
  if (shape.length === 0) throw new FormatError("the array has no shape, so it is not a volume", where);
  if (chunkShape.length !== shape.length || !chunkShape.every((n) => isEdge(n, 1)))
    throw new FormatError(`chunks of ${shown(chunkShape)} do not fit an array of ${shown(shape)}`, where);
  const bytes = chunkShape.reduce((product, n) => product * n, elementBytes(type));
  if (bytes > MOST_CHUNK_BYTES && !metadata.codecs.some(({ name }) => name === "sharding_indexed"))
    throw new FormatError(`one chunk is ${chunkShape.join(" x ")} voxels, more than fits into memory`, where, {
      hint: "Rewrite the array in smaller chunks, e.g. of 64 voxels along each axis.",
    });
  return metadata;
}

function isEdge(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST_EDGE;
}
