/** Grey values as a picture of one pixel a voxel. */
import type { Axis, Section } from "../../../protocol/index.js";
import type { GreyRange } from "../../state/view.js";

export interface GreyScale {
  readonly range: GreyRange;
  readonly isInverted: boolean;
}

/** Little-endian, as all that runs a browser: alpha, then three times the same grey. Signed, which engines compute with fastest. */
const GREYS = Int32Array.from({ length: 256 }, (_, grey) => 0xff000000 | (grey * 0x010101));

/**
 * Writes the pixels (RGBA) of a section as its pane shows it: that across x is `[z, y]`, and is shown with z to the right. What is
 * no number is black.
 */
export function paintGreys(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  { values, width, height }: Section,
  axis: Axis,
  { range, isInverted }: GreyScale,
): void {
  const words = new Int32Array(pixels.buffer);
  const [black, white] = isInverted ? [range[1], range[0]] : range;
  const factor = 256 / (white - black || Number.MIN_VALUE);
  const [columnStep, rowStep] = axis === "x" ? [height, 1] : [1, width];
  // A million voxels for each contrast that a handle passes: no calls within, no numbers beyond 31 bits.
  for (let row = 0, from = 0; row < height; row++)
    for (let column = 0, to = row * rowStep; column < width; column++, from++, to += columnStep) {
      const grey = (values[from]! - black) * factor;
      words[to] = GREYS[grey >= 255 ? 255 : grey > 0 ? grey | 0 : 0]!;
    }
}

/** Width and height of a section's picture. */
export function pictureSize({ width, height }: Section, axis: Axis): readonly [width: number, height: number] {
  return axis === "x" ? [height, width] : [width, height];
}
