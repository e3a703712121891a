import type { GreyRange } from "../state/view.js";

export interface Greys {
  readonly range: GreyRange;
  readonly isInverted: boolean;
}

const GAP_PIXELS = 1;

/** Draws the first planes of `[3, edge, edge]` side by side; what lies outside of the tomogram stays clear. */
export function drawPlanes(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  edge: number,
  planes: 1 | 3,
  { range: [black, white], isInverted }: Greys,
): void {
  const width = edge * planes + GAP_PIXELS * (planes - 1);
  if (canvas.width !== width || canvas.height !== edge) Object.assign(canvas, { width, height: edge });
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = 255 / (white - black || 1);
  for (let plane = 0; plane < planes; plane++) {
    const image = context.createImageData(edge, edge);
    const pixels = new Uint32Array(image.data.buffer);
    for (let index = 0; index < pixels.length; index++) {
      const value = values[plane * edge * edge + index]!;
      if (Number.isNaN(value)) continue;
      const bright = Math.min(255, Math.max(0, (value - black) * scale)) | 0;
      pixels[index] = 0xff000000 | ((isInverted ? 255 - bright : bright) * 0x010101);
    }
    context.putImageData(image, plane * (edge + GAP_PIXELS), 0);
  }
}
