/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Class colours that people with any colour vision can tell apart and that stand out on white and on near-black: the
 * qualitative set of M. Okabe and K. Ito (2008) without black, then darker partners from P. Tol's "muted" set. Names are
 * always written beside them: colour is never the only sign.
 */
const CLASS_COLOURS: readonly Colour[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [153, 153, 51],
  [170, 68, 153],
  [68, 170, 153],
  [136, 34, 85],
  [221, 204, 119],
  [102, 99, 190],
];

/** The colour of the class with this index; repeats after twelve. */
export function classColour(index: number): Colour {
  return CLASS_COLOURS[index % CLASS_COLOURS.length];
}

export function cssColour([red, green, blue]: Colour): string {
  return `#${[red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

/** A colour moved towards white by `fraction`; for outlines on dark slices. */
export function lighten(colour: Colour, fraction: number): Colour {
  const [red, green, blue] = colour.map((value) => value + (255 - value) * fraction);
  return [red!, green!, blue!];
}
