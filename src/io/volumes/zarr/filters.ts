/** The filters of Zarr 2 that change values (numcodecs). */
import { FormatError } from "../../../errors.js";
import type { ByteOrder, ElementType } from "../numbers.js";
import { property, shown } from "./json.js";
import { type CodecDeclaration, version2Type } from "./metadata.js";

/** How a filter is undone, in place, and the type in which its result is stored where that is another. */
export interface Filter {
  readonly undo: (values: Float32Array) => void;
  readonly stored?: { readonly type: ElementType; readonly byteOrder: ByteOrder };
}

const FILTERS: ReadonlyMap<string, (codec: CodecDeclaration, where: string) => Filter["undo"]> = new Map([
  // Rounded for good.
  ["numcodecs.bitround", () => () => {}],
  ["numcodecs.quantize", () => () => {}],
  ["numcodecs.delta", () => summed],
  ["numcodecs.fixedscaleoffset", scaled],
] as const);

/** Whether a codec is one of these. */
export function isFilter({ name }: CodecDeclaration): boolean {
  return FILTERS.has(name);
}

/** @throws FormatError for a type or factor that makes no sense. */
export function filterOf(codec: CodecDeclaration, where: string): Filter {
  const undo = FILTERS.get(codec.name)!(codec, where);
  const stored = property(codec.configuration, "astype");
  return stored === undefined ? { undo } : { undo, stored: version2Type(stored, where) };
}

function summed(values: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    values[i] = sum;
  }
}

function scaled({ configuration }: CodecDeclaration, where: string): Filter["undo"] {
  const [scale, offset] = ["scale", "offset"].map((name) => property(configuration, name));
  if (typeof scale !== "number" || typeof offset !== "number" || scale === 0)
    throw new FormatError(`a filter scales by ${shown(scale)} and shifts by ${shown(offset)}`, where);
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i] / scale + offset;
  };
}
