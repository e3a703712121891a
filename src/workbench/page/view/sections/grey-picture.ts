/** Grey values as a picture of one pixel a voxel. */
import type { Axis, Section } from "../../../protocol/index.js";
import type { GreyRange } from "../../state/view.js";

export interface GreyScale {
  readonly range: GreyRange;
  readonly isInverted: boolean;
}

/** Little-endian, as all that runs a browser: alpha, then three times the same grey. */
const GREYS = Uint32Array.from({ length: 256 }, (_, grey) => 0xff000000 | (grey * 0x010101));

/** Pixels of a section as its pane shows it: that across x is `[z, y]`, and is shown with z to the right. */
export function greyPixels(section: Section, axis: Axis, { range, isInverted }: GreyScale): Uint32Array<ArrayBuffer> {
  const { values } = section;
  const pixels = new Uint32Array(values.length);
  const [black, white] = isInverted ? [range[1], range[0]] : range;
  const factor = 256 / (white - black || Number.MIN_VALUE);
  const grey = (value: number) => GREYS[Math.max(0, Math.min(255, (value - black) * factor)) | 0]!;
  if (axis !== "x") {
    for (let i = 0; i < values.length; i++) pixels[i] = grey(values[i]!);
    return pixels;
  }
  const { width, height } = section;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) pixels[column * height + row] = grey(values[row * width + column]!);
  return pixels;
}

/** Width and height of a section's picture. */
export function pictureSize({ width, height }: Section, axis: Axis): readonly [width: number, height: number] {
  return axis === "x" ? [height, width] : [width, height];
}
