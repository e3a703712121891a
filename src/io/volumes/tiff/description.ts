/** What the description of a TIFF stack says: ImageJ's lines, or OME-XML. */
import { parseDecimal } from "../../text/number.js";
import { angstromPerUnit } from "../units.js";

/** Axes beside x and y, how many elements they have, fastest first, and lengths in Å where they are stated. */
export interface StackDescription {
  readonly sizes: readonly (readonly [axis: "c" | "z" | "t", length: number])[] | undefined;
  /** Å that the unit of the resolution fields is long, where the description names it. */
  readonly unitAngstrom: number | undefined;
  readonly xAngstrom: number | undefined;
  readonly yAngstrom: number | undefined;
  readonly zAngstrom: number | undefined;
  /** The unit in the file's words where it is no unit of length that is known. */
  readonly unknownUnit: string | undefined;
}

const NOTHING: StackDescription = {
  sizes: undefined,
  unitAngstrom: undefined,
  xAngstrom: undefined,
  yAngstrom: undefined,
  zAngstrom: undefined,
  unknownUnit: undefined,
};

/** @param text the ImageDescription of the first image. */
export function describeStack(text: string): StackDescription {
  if (text.startsWith("ImageJ=")) return imagejDescription(text);
  const start = text.indexOf("<Pixels");
  const end = start < 0 ? -1 : text.indexOf(">", start);
  return end < 0 ? NOTHING : omeDescription(text.slice(start, end));
}

function imagejDescription(text: string): StackDescription {
  const lines = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) lines.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const number = (key: string) => parseDecimal(lines.get(key) ?? "");
  const count = (key: string) => Math.max(1, Math.floor(number(key) ?? 1));
  const unit = lines.get("unit")?.replace("\\u00B5", "µ").replace("\\u00C5", "Å");
  const unitAngstrom = unit === undefined ? undefined : angstromPerUnit(unit);
  const [channels, frames] = [count("channels"), count("frames")];
  const slices = lines.has("slices") ? count("slices") : Math.max(1, Math.floor(count("images") / channels / frames));
  const spacing = number("spacing");
  return {
    ...NOTHING,
    sizes: [
      ["c", channels],
      ["z", slices],
      ["t", frames],
    ],
    unitAngstrom,
    zAngstrom: spacing !== undefined && unitAngstrom !== undefined ? Math.abs(spacing) * unitAngstrom : undefined,
    unknownUnit: unitAngstrom === undefined && unit !== undefined && !/^(pixels?|)$/i.test(unit) ? unit : undefined,
  };
}

/** The attributes of OME-XML's Pixels; lengths are in µm unless it says otherwise. */
function omeDescription(element: string): StackDescription {
  const attributes = new Map<string, string>();
  for (const [, key, value] of element.matchAll(/\s([A-Za-z]{1,40})="([^"]{0,100})"/g)) attributes.set(key, value);
  const unknown: string[] = [];
  const length = (axis: string) => {
    const size = parseDecimal(attributes.get(`PhysicalSize${axis}`) ?? "");
    const unit = attributes.get(`PhysicalSize${axis}Unit`) ?? "µm";
    const angstrom = angstromPerUnit(unit);
    if (size !== undefined && angstrom === undefined) unknown.push(unit);
    return size !== undefined && angstrom !== undefined ? size * angstrom : undefined;
  };
  const order = /^XY([CZT]{3})$/.exec(attributes.get("DimensionOrder") ?? "XYCZT")?.[1] ?? "CZT";
  return {
    ...NOTHING,
    sizes: [...order].map((axis) => [
      axis.toLowerCase() as "c" | "z" | "t",
      Math.max(1, Math.floor(parseDecimal(attributes.get(`Size${axis}`) ?? "") ?? 1)),
    ]),
    xAngstrom: length("X"),
    yAngstrom: length("Y"),
    zAngstrom: length("Z"),
    unknownUnit: unknown[0],
  };
}
