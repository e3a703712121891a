import { FormatError } from "../../errors.js";
import { parseDecimal } from "../text/number.js";

/** What SerialEM notes of a tilt series beside its images. */
export interface Mdoc {
  readonly imageFile: string | undefined;
  readonly pixelSpacingAngstrom: number | undefined;
  /** Width and height of an image in pixels. */
  readonly imageSize: readonly [number, number] | undefined;
  readonly kilovolt: number | undefined;
  /** Each image's keys and values. */
  readonly images: readonly ReadonlyMap<string, string>[];
  readonly tiltDegrees: readonly number[];
}

/** Whether a text has the sections and the pixel spacing that SerialEM writes into a tilt series' .mdoc. */
export function looksLikeMdoc(text: string): boolean {
  return /^\[ZValue\s*=/m.test(text) && /^PixelSpacing\s*=/m.test(text);
}

/** Parses SerialEM's .mdoc: `Key = value` lines, a section `[ZValue = n]` an image. @throws FormatError when there is none. */
export function readMdoc(text: string, { name = "mdoc" }: { name?: string } = {}): Mdoc {
  const globals = new Map<string, string>();
  const images: Map<string, string>[] = [];
  let section: Map<string, string> | undefined = globals;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const equals = line.indexOf("=");
    if (equals < 0) continue;
    const key = line.slice(0, equals).trim();
    if (key === "[ZValue" || key === "[FrameSet") images.push((section = new Map()));
    else if (/^\w+$/.test(key)) section.set(key, line.slice(equals + 1).trim()); // and not [T = ...], a title
  }
  if (images.length === 0) throw new FormatError("there is no [ZValue = ...] section", name);
  const number = (text = "") => parseDecimal(text);
  const [width, height = 0, ...more] = (globals.get("ImageSize") ?? "")
    .split(/\s+/)
    .map((text) => parseDecimal(text) ?? 0);
  return {
    imageFile: globals.get("ImageFile"),
    pixelSpacingAngstrom: number(globals.get("PixelSpacing")),
    imageSize: width > 0 && height > 0 && more.length === 0 ? [width, height] : undefined,
    kilovolt: number(globals.get("Voltage")),
    images,
    tiltDegrees: images.flatMap((image) => number(image.get("TiltAngle")) ?? []),
  };
}
