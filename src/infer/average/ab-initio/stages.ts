import type { Vector3 } from "../../../volume/index.js";
import type { Fineness } from "./iteration.js";

/** Iterations of like fineness. */
export interface Stage extends Fineness {
  readonly resolutionAngstrom: number;
  readonly iterations: number;
}

export interface StageOptions {
  /** Voxels along the edge of what is averaged. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  readonly diameterAngstrom: number;
  /** How far from the middle of its box a particle may lie. */
  readonly largestShiftVoxels: number;
  /** Nothing finer than this shell. */
  readonly largestShell: number;
}

const FIRST_ITERATIONS = 8;
/**
 * From coarse to fine: what is settled at low resolution guides what comes after it. The first stage has most to find, the
 * last ones cost most; a stage at 25 Å doubled the time and gained nothing that refinement does not.
 */
const RESOLUTIONS = [
  { angstrom: 60, iterations: FIRST_ITERATIONS },
  { angstrom: 48, iterations: 3 },
  { angstrom: 40, iterations: 4 },
  { angstrom: 34, iterations: 3 },
  { angstrom: 29, iterations: 2 },
] as const;
/** Particles smaller than this begin one stage later: at 60 Å they all are balls. */
const SMALL_ANGSTROM = 120;
/** Of a particle of diameter D, rotations are this times (D / resolution)^3: neighbours move its surface by half the resolution. */
const ROTATIONS_FACTOR = 14;
/** 25 and 12 degrees from any rotation to the nearest. */
const [FEWEST_ROTATIONS, MOST_ROTATIONS] = [600, 4600] as const;
/** Shifts are this fraction of the resolution apart. */
const SHIFT_STEP = 1 / 3;
/** Once a centre is known, it is looked for within this many steps. */
const LATER_STEPS = 1.5;

/** The stages for particles of one size. */
export function stagesFor(options: StageOptions): Stage[] {
  const { edge, voxelSizeAngstrom, diameterAngstrom, largestShiftVoxels, largestShell } = options;
  const stages: Stage[] = [];
  const resolutions = diameterAngstrom < SMALL_ANGSTROM ? RESOLUTIONS.slice(1) : RESOLUTIONS;
  for (const { angstrom, iterations } of resolutions) {
    const shell = Math.min(largestShell, Math.round((edge * voxelSizeAngstrom) / angstrom));
    if (shell < 2 || shell === stages.at(-1)?.shell) continue;
    const isFirst = stages.length === 0;
    const wanted = Math.round(ROTATIONS_FACTOR * (diameterAngstrom / angstrom) ** 3);
    const step = (SHIFT_STEP * angstrom) / voxelSizeAngstrom;
    const shifts = shiftsWithin(isFirst ? Math.max(step, largestShiftVoxels + step / 2) : LATER_STEPS * step, step);
    stages.push({
      ...{ resolutionAngstrom: angstrom, shell, shifts, mayBeNoise: !isFirst },
      iterations: isFirst ? FIRST_ITERATIONS : iterations,
      rotations: Math.min(MOST_ROTATIONS, Math.max(FEWEST_ROTATIONS, wanted)),
      logPriors: gaussian(shifts, isFirst ? largestShiftVoxels : step),
    });
  }
  return stages;
}

/** From ten particles a half neither signal nor noise can be told: fewer than this go on together, and not as far. */
const FEW_PARTICLES = 100;
/** How far few particles are searched together, and how far at all: refinement goes on from there. */
const [FEW_SHARED_ANGSTROM, FEW_ANGSTROM] = [48, 40] as const;

/**
 * The stages for a set of `count` particles, and through how many of them its halves go together: the first one, in which a search
 * finds the particle or does not. From all particles it does so more often than from half of them.
 */
export function stagesOfSet(
  stages: readonly Stage[],
  count: number,
): { readonly stages: readonly Stage[]; readonly sharedStages: number } {
  if (count >= FEW_PARTICLES) return { stages, sharedStages: Math.min(1, stages.length - 1) };
  const few = stages.filter(({ resolutionAngstrom }, i) => i === 0 || resolutionAngstrom >= FEW_ANGSTROM);
  const shared = few.filter(({ resolutionAngstrom }) => resolutionAngstrom >= FEW_SHARED_ANGSTROM);
  return { stages: few, sharedStages: Math.min(shared.length, few.length - 1) };
}

/** Logarithms of probabilities that make 1 together. */
function gaussian(shifts: readonly Vector3[], deviation: number): Float32Array {
  const values = shifts.map((shift) => -0.5 * (length(shift) / deviation) ** 2);
  const total = Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
  return Float32Array.from(values, (value) => value - total);
}

const length = ({ x, y, z }: Vector3): number => Math.hypot(x, y, z);

/** Points of a grid within a ball. */
function shiftsWithin(radius: number, step: number): Vector3[] {
  const reach = Math.floor(radius / step);
  const axis = Array.from({ length: 2 * reach + 1 }, (_, i) => (i - reach) * step);
  return axis
    .flatMap((x) => axis.flatMap((y) => axis.map((z) => ({ x, y, z }))))
    .filter((shift) => length(shift) <= radius);
}
