/** A bar of a round length. */
export interface ScaleBar {
  readonly lengthAngstrom: number;
  readonly pixels: number;
  /** "50 nm" */
  readonly label: string;
}

const ROUND = [1, 2, 5] as const;

/** The longest round bar that is no longer than `mostPixels`. */
export function scaleBar(angstromPerPixel: number, mostPixels: number): ScaleBar {
  const most = angstromPerPixel * mostPixels;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = ROUND.findLast((round) => round * power <= most) ?? 1;
  const lengthAngstrom = factor * power;
  return { lengthAngstrom, pixels: lengthAngstrom / angstromPerPixel, label: lengthText(lengthAngstrom) };
}

const NANOMETRE = 10;
const MICROMETRE = 10_000;

function lengthText(lengthAngstrom: number): string {
  const number = (length: number) => String(Number(length.toPrecision(3)));
  if (lengthAngstrom < NANOMETRE) return `${number(lengthAngstrom)} Å`;
  if (lengthAngstrom < MICROMETRE) return `${number(lengthAngstrom / NANOMETRE)} nm`;
  return `${number(lengthAngstrom / MICROMETRE)} µm`;
}
