/** The columns that have a field in `Particle`; the rest is `extra`. */
export const KNOWN_COLUMNS: ReadonlySet<string> = new Set([
  ...["X", "Y", "Z"].flatMap((axis) => [
    `rlnCoordinate${axis}`,
    `rlnCenteredCoordinate${axis}Angst`,
    `rlnOrigin${axis}Angst`,
    `rlnOrigin${axis}`,
    `wrpCoordinate${axis}1`,
  ]),
  ...["Rot", "Tilt", "Psi"].flatMap((angle) => [`rlnAngle${angle}`, `rlnTomoSubtomogram${angle}`, `wrpAngle${angle}1`]),
  "rlnClassNumber",
  "rlnAutopickFigureOfMerit",
  "cosnetClassName",
  "rlnTomoName",
  "rlnImageName",
  "rlnOpticsGroup",
  "wrpSourceName",
]);
