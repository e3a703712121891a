import { correlateHalves } from "../../evaluate/index.js";
import type { Random } from "../../volume/index.js";
import { roundPart } from "./round-part.js";
import { powerFraction } from "./sphere-mask.js";

/** What halves that agree have in common beside what looks the same from all sides. */
export interface AngularAgreement {
  /** Mean correlation over the frequencies from the first to the last shell. */
  readonly correlation: number;
  /** What it has to reach. */
  readonly least: number;
}

interface AgreementOptions {
  /** `[edge, edge, edge]`: within which halves are compared. */
  readonly mask: Float32Array;
  readonly edge: number;
  /** From what halves have in common by themselves to where they are said to agree. */
  readonly shells: readonly [first: number, last: number];
  /** How many orientations the halves were given the same values in. */
  readonly operatorCount: number;
  readonly random: Random;
}

/** As for the resolution. */
const AGREEMENT = 0.143;
/** Standard deviations of the correlation of two maps that have nothing in common. */
const ABOVE_CHANCE = 3;

/**
 * Shells of a round particle are alike whatever its poses: particles in random poses average to a ball that both halves show alike, to
 * the last detail of its profile. So it is asked how far halves agree without their round parts. A map of n independent complex
 * values has a correlation of 1 / sqrt(2 n) with another by chance; symmetry leaves as many fewer as it has operators.
 */
export function angularAgreement(
  halves: readonly [Float32Array, Float32Array],
  { mask, edge, shells: [first, last], operatorCount, random }: AgreementOptions,
): AngularAgreement {
  const without = (half: Float32Array): Float32Array => {
    const round = roundPart(half, edge);
    return half.map((value, at) => value - round[at]);
  };
  const { corrected } = correlateHalves([without(halves[0]), without(halves[1])], mask, edge, random);
  let [sum, frequencies] = [0, 0];
  for (let shell = first; shell <= last; shell++) {
    const count = 2 * Math.PI * shell ** 2; // of half of Fourier space
    sum += count * corrected.byShell[shell];
    frequencies += count;
  }
  const independent = (frequencies * powerFraction(mask)) / operatorCount;
  return { correlation: sum / frequencies, least: Math.max(AGREEMENT, ABOVE_CHANCE / Math.sqrt(2 * independent)) };
}
