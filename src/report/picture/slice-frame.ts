/** What makes a slice measurable: its axes and a scale bar, in the coordinates of its pixels. */
import type { Plane } from "./slice.js";

export interface FramedSlice {
  readonly plane: Pick<Plane, "width" | "height">;
  readonly pixelAngstrom: number;
  /** Names of the axes to the right and downwards, as lists and `--size` have them. */
  readonly axes: readonly string[];
}

/** A bar is about this fraction of the width. */
const BAR_FRACTION = 0.2;

/** A round length in nanometre, 1, 2 or 5 times a power of ten, of at most a fifth of the width. */
export function barNanometre({ plane: { width }, pixelAngstrom }: Omit<FramedSlice, "axes">): number {
  const most = (BAR_FRACTION * width * pixelAngstrom) / 10;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([5, 2].find((factor) => factor * power <= most) ?? 1);
}

/** SVG elements for the slice's own view box: arrows of both axes from the first voxel, and a scale bar below on the right. */
export function sliceFrame(slice: FramedSlice): string {
  const { plane, pixelAngstrom, axes } = slice;
  const { width, height } = plane;
  const unit = width / 100;
  const nanometre = barNanometre(slice);
  const bar = (10 * nanometre) / pixelAngstrom;
  const [left, top] = [2 * unit, 2 * unit];
  const text = (x: number, y: number, content: string, anchor: string) =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${(3.4 * unit).toFixed(2)}" text-anchor="${anchor}" fill="#fff" stroke="#000" stroke-width="${(0.5 * unit).toFixed(2)}" paint-order="stroke" font-family="system-ui,sans-serif">${content}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number) => {
    const ends = `x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"`;
    return `<line ${ends} stroke="#000" stroke-width="${(1.1 * unit).toFixed(2)}"/><line ${ends} stroke="#fff" stroke-width="${(0.6 * unit).toFixed(2)}"/>`;
  };
  const [right = "", down = ""] = axes;
  return [
    line(left, top, left + 9 * unit, top),
    line(left, top, left, top + 9 * unit),
    text(left + 10 * unit, top + 1.6 * unit, `${right} →`, "start"),
    text(left, top + 13 * unit, `${down} ↓`, "start"),
    line(width - bar - 3 * unit, height - 3 * unit, width - 3 * unit, height - 3 * unit),
    text(width - bar / 2 - 3 * unit, height - 5 * unit, `${nanometre} nm`, "middle"),
  ].join("");
}
