/** The values of a Zarr 3 store: metadata and chunks. Source: Zarr specification 3.0 (zarr-specs.readthedocs.io). */
import type { Shape3 } from "../../../volume/index.js";
import { littleEndianBytes } from "../numbers.js";
import { cutBlock } from "../random-access.js";

/** Voxels of one of the types that are written. */
export type ZarrValues = Float32Array | Uint8Array | Uint16Array | Uint32Array;

/** The names of their types. */
const DATA_TYPES = {
  Float32Array: "float32",
  Uint8Array: "uint8",
  Uint16Array: "uint16",
  Uint32Array: "uint32",
} as const;

/** Blosc is of the core specification; Zstandard after shuffling makes float32 noise 14 % smaller, and labels a thousandth. */
const BLOSC = { cname: "zstd", clevel: 3, blocksize: 0 } as const;
/** The element size that the library writes into every frame. */
const BLOSC_ELEMENT_BYTES = 4;

/** The bytes of `zarr.json` of a group. */
export function encodeZarrGroup(attributes: Readonly<Record<string, unknown>>): Uint8Array {
  return encodeJson({ zarr_format: 3, node_type: "group", attributes });
}

/** The bytes of `zarr.json` of an array `[z, y, x]` of values like `values`, whose absent chunks are 0. */
export function encodeZarrArray(values: ZarrValues, shape: Shape3, chunkShape: Shape3): Uint8Array {
  return encodeJson({
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type: DATA_TYPES[values[Symbol.toStringTag]],
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunkShape } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", ...(values.BYTES_PER_ELEMENT > 1 && { configuration: { endian: "little" } }) },
      { name: "blosc", configuration: { ...BLOSC, typesize: BLOSC_ELEMENT_BYTES, shuffle: "shuffle" } },
    ],
    attributes: {},
    dimension_names: ["z", "y", "x"],
  });
}

/**
 * The bytes of the chunk that begins at voxel `[z, y, x]` of `values`, filled up with 0 beyond their end; undefined when all are
 * 0, which absent chunks are.
 */
export async function encodeZarrChunk(
  values: ZarrValues,
  shape: Shape3,
  first: Shape3,
  chunkShape: Shape3,
): Promise<Uint8Array | undefined> {
  const size = chunkShape.map((edge, axis) => Math.min(edge, shape[axis] - first[axis])) as [number, number, number];
  const block = cutBlock(values, shape, first, size);
  if (block.every((value) => value === 0)) return undefined;
  const { default: Blosc } = await import("numcodecs/blosc");
  const codec = Blosc.fromConfig({ id: "blosc", ...BLOSC, shuffle: 1 });
  return codec.encode(littleEndianBytes(filledUp(block, size, chunkShape)));
}

/** Chunks at an edge are stored whole. */
function filledUp<T extends ZarrValues>(block: T, [nz, ny, nx]: Shape3, [depth, height, width]: Shape3): T {
  if (block.length === depth * height * width) return block;
  const whole = new (block.constructor as new (length: number) => T)(depth * height * width);
  for (let z = 0, from = 0; z < nz; z++)
    for (let y = 0; y < ny; y++, from += nx) whole.set(block.subarray(from, from + nx), (z * height + y) * width);
  return whole;
}

function encodeJson(document: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document, undefined, 2)}\n`);
}
