import { type DetectorOptions, detectorValue } from "./detector.js";

/** For each frequency of the spectrum of one image, `[py, floor(px / 2) + 1]`. */
interface DetectorTables {
  readonly mtf: Float32Array;
  /** How shot noise of white amplitude 1 is recorded. */
  readonly shot: Float32Array;
  /** What the detector adds to it. */
  readonly added: Float32Array;
}

/** The last ones: a thread images one series, in many parts. */
let kept: { readonly key: string; readonly tables: DetectorTables } | undefined;

/** The tables of a detector for images of `[py, px]` pixels. Not to be written in. */
export function detectorTables(detector: DetectorOptions, size: readonly [py: number, px: number]): DetectorTables {
  const key = JSON.stringify([detector, size]);
  if (kept?.key !== key) kept = { key, tables: newTables(detector, size) };
  return kept.tables;
}

function newTables(detector: DetectorOptions, [py, px]: readonly [number, number]): DetectorTables {
  const halfWidth = Math.floor(px / 2) + 1;
  const mtf = new Float32Array(py * halfWidth);
  const added = new Float32Array(py * halfWidth);
  let recorded = 0;
  for (let row = 0; row < py; row++)
    for (let k = 0; k < halfWidth; k++) {
      const frequency = Math.hypot((row <= py / 2 ? row : row - py) / py, k / px);
      const at = row * halfWidth + k;
      mtf[at] = detectorValue(detector.mtf, frequency);
      recorded += ((k === 0 || 2 * k === px ? 1 : 2) * mtf[at] ** 2) / (py * px);
      if (detector.dqe) added[at] = mtf[at] * Math.sqrt(Math.max(0, 1 / detectorValue(detector.dqe, frequency) - 1));
    }
  const before = detector.noiseShareBefore;
  if (detector.dqe) return { mtf, shot: mtf, added };
  if (before === 0) return { mtf, shot: new Float32Array(mtf.length), added: added.fill(1) };
  return { mtf, shot: mtf, added: added.fill(Math.sqrt((recorded * (1 - before)) / before)) };
}
