/** Whether protein is dark or bright in a tomogram: the one decision, whoever asks. */

/** Whether protein is dark in the files, and how that is known. */
export interface Contrast {
  readonly dark: boolean;
  /** How it is known, to follow "dark protein, ". */
  readonly reason: string;
  /** What speaks against it, as a sentence for a warning; undefined where all that was looked at agrees. */
  readonly doubt: string | undefined;
}

/** What the sign of a tomogram is decided by. */
export interface ContrastEvidence {
  /** `proteinBrightness` of examples or particles. */
  readonly boxes: readonly number[];
  /** What the boxes are of, in the plural. */
  readonly what: string;
  /** Blurred skewness of the tomogram itself, where there is one. */
  readonly skewness?: number | undefined;
}

/** A box votes from this brightness on: in noise alone three of four boxes do not. */
const CLEAR_BRIGHTNESS = 0.3;
/** The tomogram votes from this skewness on, three deviations of noise, and counts twice where it is strong. */
const CLEAR_SKEWNESS = 0.1;
const STRONG_SKEWNESS = 0.3;
/** Boxes agree where this fraction of the votes does; agreeing or not, they count for no more than three. */
const AGREEING_FRACTION = 0.75;
const MOST_OF_BOXES = 3;
/** Votes that must be left over for a decision to be sure. */
const SURE_VOTES = 2;

/**
 * Lets boxes and tomogram vote. Single boxes of the other sign (gold, dirt, a click on nothing) change nothing; where the
 * boxes do not agree the tomogram's own grey values decide. Without any evidence protein is taken to be bright.
 */
export function decideContrast({ boxes, what, skewness = 0 }: ContrastEvidence): Contrast {
  const bright = boxes.filter((brightness) => brightness >= CLEAR_BRIGHTNESS).length;
  const dark = boxes.filter((brightness) => brightness <= -CLEAR_BRIGHTNESS).length;
  const agreeing = Math.max(bright, dark) >= AGREEING_FRACTION * (bright + dark);
  const ofBoxes = Math.sign(bright - dark) * (agreeing ? Math.min(MOST_OF_BOXES, bright + dark) : 1);
  const strength = Math.abs(skewness);
  const ofTomogram = Math.sign(skewness) * (strength >= STRONG_SKEWNESS ? 2 : strength >= CLEAR_SKEWNESS ? 1 : 0);
  const votes = ofBoxes + ofTomogram;
  const isDark = votes === 0 ? ofTomogram < 0 : votes < 0;
  const sign = isDark ? -1 : 1;
  const opposed = ofBoxes * sign < 0 || ofTomogram * sign < 0;
  const sure = agreeing && !opposed && Math.abs(votes) >= SURE_VOTES;
  const reason = evidenceText({ boxes: boxes.length, what, bright, dark, ofTomogram, skewness });
  if (sure) return { dark: isDark, reason: `measured: ${reason}`, doubt: undefined };
  const doubt = `it is not certain whether protein is dark or bright; it was taken to be ${isDark ? "dark" : "bright"}: ${reason}`;
  return { dark: isDark, reason: `uncertain: ${reason}`, doubt };
}

/** "5 of 6 examples are dark, 0 bright; the tomogram's grey values lean to the dark side (skewness -1.26)". */
function evidenceText(seen: {
  readonly boxes: number;
  readonly what: string;
  readonly bright: number;
  readonly dark: number;
  readonly ofTomogram: number;
  readonly skewness: number;
}): string {
  const { boxes, what, bright, dark, ofTomogram, skewness } = seen;
  const side = ofTomogram === 0 ? "neither" : ofTomogram < 0 ? "the dark" : "the bright";
  const parts = [
    ...(boxes > 0 ? [`${dark} of ${boxes} ${what} look dark, ${bright} bright`] : []),
    ...(skewness !== 0 ? [`grey values lean to ${side} side (skewness ${skewness.toFixed(2)})`] : []),
  ];
  return parts.join("; ") || "there is nothing to see it by";
}

/** What the user or a list says of a contrast. */
export interface StatedContrast {
  readonly dark: boolean;
  /** Who says it: "--invert", "picks.star". */
  readonly by: string;
}

/** A contrast that is stated counts, whatever was measured; where the measurement is certain of the opposite, that is a doubt. */
export function statedOrMeasured(stated: StatedContrast | undefined, measured: Contrast): Contrast {
  if (stated === undefined) return measured;
  const contradicts = measured.dark !== stated.dark && measured.doubt === undefined;
  const doubt = `${stated.by} says that protein is ${stated.dark ? "dark" : "bright"}; it looks ${measured.dark ? "dark" : "bright"} (${measured.reason})`;
  return { dark: stated.dark, reason: `as ${stated.by} says`, doubt: contradicts ? doubt : undefined };
}
