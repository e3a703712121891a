import { createFft3, type Fft3, type Random } from "../volume/index.js";
import { fourierShellCorrelation, type ShellCorrelation } from "./fsc.js";

/** How alike two half maps are, with what the mask adds taken out. */
export interface HalfMapCorrelation {
  readonly unmasked: ShellCorrelation;
  readonly masked: ShellCorrelation;
  /** Masked, with random phases from `randomisedFromShell` on: what the mask alone makes alike. */
  readonly phaseRandomised: ShellCorrelation;
  /** (masked - phase-randomised) / (1 - phase-randomised): to be read for the resolution. */
  readonly corrected: ShellCorrelation;
  readonly randomisedFromShell: number;
}

/** Phases are randomised from the first shell whose unmasked correlation is below this, as in RELION. */
const RANDOMISED_BELOW = 0.8;
/** Beside the first randomised shell the mask still brings in what was not randomised. As in RELION. */
const SPARED_SHELLS = 2;
/** Their mean is taken: one draw leaves as much noise as the shells of small boxes have. */
const DRAWS = 5;

/**
 * Correlation of two independent half maps `[edge, edge, edge]` within a soft mask `[edge, edge, edge]` of 0 to 1. A mask makes
 * any two maps alike; how much so is measured on the same maps with random phases (Chen et al. 2013, "High-resolution noise
 * substitution to measure overfitting and validate resolution in 3D structure determination by single particle electron
 * cryomicroscopy").
 * @throws ShapeError when maps or mask do not have edge^3 voxels.
 */
export function correlateHalves(
  [one, other]: readonly [Float32Array, Float32Array],
  mask: Float32Array,
  edge: number,
  random: Random,
): HalfMapCorrelation {
  const unmasked = fourierShellCorrelation(one, other, edge);
  const below = unmasked.byShell.findIndex((value, shell) => shell > 0 && !(value >= RANDOMISED_BELOW));
  const randomisedFromShell = below < 0 ? unmasked.byShell.length : below;
  const within = (first: Float32Array, second: Float32Array) =>
    fourierShellCorrelation(
      first.map((value, i) => value * mask[i]),
      second.map((value, i) => value * mask[i]),
      edge,
    );
  const fft = createFft3([edge, edge, edge]);
  const masked = within(one, other);
  const chance = new Float64Array(masked.byShell.length);
  for (let draw = 0; draw < DRAWS; draw++) {
    const [first, second] = [one, other].map((half, i) =>
      randomisePhases(fft, half, randomisedFromShell, random.fork("phases", draw, i)),
    );
    for (const [shell, value] of within(first, second).byShell.entries()) chance[shell] += value / DRAWS;
  }
  const corrected = masked.byShell.map((value, shell) =>
    shell < randomisedFromShell + SPARED_SHELLS ? value : (value - chance[shell]) / (1 - chance[shell]),
  );
  return {
    unmasked,
    masked,
    phaseRandomised: { edge, byShell: chance },
    corrected: { edge, byShell: corrected },
    randomisedFromShell,
  };
}

/** The map with the phases of noise from a shell on: the noise of a real volume has phases that a real volume can have. */
function randomisePhases(fft: Fft3, map: Float32Array, fromShell: number, random: Random): Float32Array {
  const [edge] = fft.shape;
  const [spectrum, noise] = [fft.createSpectrum(), fft.createSpectrum()];
  fft.forward(map, spectrum);
  fft.forward(
    map.map(() => random.normal()),
    noise,
  );
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < fft.halfWidth; x++, at += 2) {
        const [kz, ky] = [z <= edge / 2 ? z : z - edge, y <= edge / 2 ? y : y - edge];
        if (Math.round(Math.sqrt(kz * kz + ky * ky + x * x)) < fromShell) continue;
        const scale = Math.hypot(spectrum[at], spectrum[at + 1]) / Math.hypot(noise[at], noise[at + 1]);
        spectrum[at] = scale * noise[at];
        spectrum[at + 1] = scale * noise[at + 1];
      }
  const randomised = new Float32Array(map.length);
  fft.inverse(spectrum, randomised);
  return randomised;
}
