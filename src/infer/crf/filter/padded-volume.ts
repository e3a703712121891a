import type { Shape3 } from "../../../volume/index.js";

/** How volumes lie in the arena: rows along x padded to whole vectors, `lines` of them. */
export interface PaddedShape {
  readonly shape: Shape3;
  readonly lines: number;
  readonly rowLength: number;
  readonly length: number;
}

export function paddedShape(shape: Shape3): PaddedShape {
  const [nz, ny, nx] = shape;
  const rowLength = 4 * Math.ceil(nx / 4);
  return { shape, lines: nz * ny, rowLength, length: nz * ny * rowLength };
}

/** Copies a volume to index `to` of the arena; the padding becomes 0. */
export function pad(
  values: Float32Array,
  floats: Float32Array,
  to: number,
  { shape, lines, rowLength }: PaddedShape,
): void {
  const nx = shape[2];
  for (let line = 0, i = 0; line < lines; line++) {
    const at = to + line * rowLength;
    for (let x = 0; x < nx; x++) floats[at + x] = values[i++];
    for (let x = nx; x < rowLength; x++) floats[at + x] = 0;
  }
}

/** The other way. */
export function unpad(
  floats: Float32Array,
  from: number,
  values: Float32Array,
  { shape, lines, rowLength }: PaddedShape,
): void {
  const nx = shape[2];
  for (let line = 0, i = 0; line < lines; line++)
    for (let x = 0, at = from + line * rowLength; x < nx; x++) values[i++] = floats[at++];
}
