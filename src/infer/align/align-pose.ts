import type { OnnxRuntime } from "../../runtime/index.js";
import { angleBetweenQuaternions, angleModuloSymmetry, NO_TURN, type Quaternion } from "../../volume/index.js";
import { sphereMask } from "../average/sphere-mask.js";
import { type CoarseSearch, createCoarseSearch, type TurnedReference } from "./coarse-search.js";
import { createFrequencies, type Frequencies } from "./frequencies.js";
import { FADE_VOXELS, type Observation, observe } from "./observation.js";
import { createReferenceField, type ReferenceField } from "./reference-field.js";
import { refinePose, type ScoredPose } from "./refine-pose.js";
import { fieldGain, type ShellFactors, shellFactors } from "./shell-factors.js";
import { createSpectrumBox } from "./spectrum-box.js";
import type { Subtomogram } from "./subtomogram.js";

/** A reference made ready; what is made once for all particles that are aligned to it. */
export interface AlignmentReference {
  readonly field: ReferenceField;
  /** Brings each shell to power 1. */
  readonly gain: Float64Array;
  readonly turned: TurnedReference;
}

/** How a particle lies, as far as it can be told. */
export interface Alignment extends ScoredPose {
  /** Other maxima of the likelihood, the likeliest first: where the pose is wrong, the right one is mostly among them. */
  readonly alternatives: readonly ScoredPose[];
  /** Probability, 0 to 1, that the pose is within 15 degrees of the true one, given that the particle is what the reference shows. */
  readonly confidence: number;
}

export interface AlignerOptions {
  /** Voxels along the edge of particles and references. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Half of the particle's diameter. What lies farther from the centre of the reference fades out; see `observe`. */
  readonly radiusVoxels: number;
  /** How far the particle may lie from where the reference does. */
  readonly largestShiftVoxels?: number;
  /** Finer detail is not compared; default: all, as far as the two have anything in common. */
  readonly maximumResolutionAngstrom?: number | undefined;
  /** Rotations that the reference cannot tell from none: poses that differ by one of them are one. */
  readonly symmetry?: readonly Quaternion[] | undefined;
  /** How thoroughly poses are looked for. Default: as single particles against a map need it. */
  readonly effort?: AlignmentEffort | undefined;
  readonly threads?: number | undefined;
}

/** How many poses are looked at; what an alignment costs follows from these. */
interface AlignmentEffort {
  /** About how many rotations are tried. */
  readonly rotations: number;
  /** Maxima that are refined. */
  readonly candidates: number;
  /** Those that are refined to the end. */
  readonly finalists: number;
}

/** Aligns particles; `await using` it, or dispose of it. One at a time: it holds plans and memory. */
export interface Aligner extends AsyncDisposable {
  readonly frequencies: Frequencies;
  /** A reference of boxes that may be another particle, or a map (weight 1 everywhere). */
  prepare(reference: Subtomogram): AlignmentReference;
  /** A particle as `evaluatePose` and `refinePose` compare it. */
  observe(particle: Subtomogram): Observation;
  /** Correlation of particle and reference expected in each shell where nothing has been measured. */
  readonly expected: Float64Array;
  /** What each shell is worth; see `correlationOf` for correlations that were measured. */
  factorsFor(reference: AlignmentReference, correlation?: Float64Array): ShellFactors;
  /** @throws ModelError. */
  align(particle: Subtomogram, reference: AlignmentReference, correlation?: Float64Array): Promise<Alignment>;
}

/** Shells of the coarse search end here, those of the refinement there. */
const [COARSE_ANGSTROM, MIDDLE_ANGSTROM] = [50, 40] as const;
const SHIFT_STEP_VOXELS = 1.5;
const THOROUGH: AlignmentEffort = { rotations: 4600, candidates: 48, finalists: 12 };
/** Shells of less correlation than this are worth nothing. */
const LEAST_CORRELATION = 0.04;
/** Maxima closer than this are one. */
const [DISTINCT_COARSE_DEGREES, DISTINCT_DEGREES] = [10, 6] as const;

/** @throws ModelError when ONNX Runtime cannot run the search. */
export async function createAligner(runtime: OnnxRuntime, options: AlignerOptions): Promise<Aligner> {
  const { edge, voxelSizeAngstrom, radiusVoxels, threads } = options;
  const { largestShiftVoxels = 5, maximumResolutionAngstrom = 0, symmetry = [NO_TURN] } = options;
  const { rotations, candidates, finalists } = options.effort ?? THOROUGH;
  const finest =
    maximumResolutionAngstrom > 0 ? Math.floor((edge * voxelSizeAngstrom) / maximumResolutionAngstrom) : edge;
  const frequencies = createFrequencies(edge, Math.max(3, finest));
  const shellAt = (angstrom: number) =>
    Math.min(frequencies.shellEnd.length - 1, Math.max(2, Math.round((edge * voxelSizeAngstrom) / angstrom)));
  const expected = Float64Array.from(frequencies.shellEnd, (_, shell) =>
    shell === 0 ? 0 : expectedCorrelation((edge * voxelSizeAngstrom) / shell),
  );
  const transform = createSpectrumBox(edge);
  const mask = sphereMask(edge, radiusVoxels, FADE_VOXELS);
  const coarse: CoarseSearch = await createCoarseSearch(runtime, frequencies, {
    shell: shellAt(COARSE_ANGSTROM),
    rotations,
    largestShiftVoxels,
    shiftStepVoxels: SHIFT_STEP_VOXELS,
    threads,
  });
  const observeParticle = (particle: Subtomogram): Observation =>
    observe(particle, frequencies, transform, { radiusVoxels: radiusVoxels + largestShiftVoxels });
  const factorsFor = ({ gain }: AlignmentReference, correlation: Float64Array = expected): ShellFactors =>
    shellFactors(correlation, gain);
  return {
    frequencies,
    expected,
    observe: observeParticle,
    factorsFor,
    [Symbol.asyncDispose]: () => coarse[Symbol.asyncDispose](),
    prepare({ spectrum, weight }) {
      const box = transform.boxOf(spectrum).map((value, i) => value * mask[i]);
      const largestFrequency = frequencies.shellEnd.length - 1;
      const field = createReferenceField(box, edge, { measured: weight, largestFrequency });
      const gain = fieldGain(field, frequencies);
      return { field, gain, turned: coarse.turn(field, gain) };
    },
    async align(particle, reference, correlation: Float64Array = expected) {
      const { field, turned } = reference;
      const [observation, factors] = [observeParticle(particle), factorsFor(reference, correlation)];
      const refine = (poses: readonly ScoredPose[], shell: number, steps: number) =>
        poses
          .map(({ pose }) => refinePose(observation, field, factors, pose, { shell, steps }))
          .sort((one, other) => other.score - one.score);
      const searched = await coarse.search(observation, turned, factors);
      const found = distinct(searched, candidates, DISTINCT_COARSE_DEGREES, symmetry);
      const middle = distinct(refine(found, shellAt(MIDDLE_ANGSTROM), 4), finalists, DISTINCT_DEGREES, symmetry);
      const last = refine(middle, lastShell(correlation), 6);
      const [best, ...alternatives] = distinct(last, finalists, DISTINCT_DEGREES, symmetry);
      return { ...best, alternatives, confidence: confidenceOf(best, alternatives) };
    },
  };
}

/** The finest shell that tells anything. */
function lastShell(correlation: Float64Array): number {
  return correlation.reduce((last, value, shell) => (Math.abs(value) > LEAST_CORRELATION ? shell : last), 2);
}

/** What particle and reference have in common at the true pose, from experience. */
function expectedCorrelation(angstrom: number): number {
  return 0.8 * Math.exp(-((42 / angstrom) ** 3));
}

/** The first `count` that differ from all before them. */
function distinct(
  sorted: readonly ScoredPose[],
  count: number,
  degrees: number,
  symmetry: readonly Quaternion[],
): ScoredPose[] {
  const chosen: ScoredPose[] = [];
  for (const one of sorted) {
    if (chosen.length === count) break;
    if (chosen.every((other) => angleModuloSymmetry(one.pose.rotation, other.pose.rotation, symmetry) > degrees))
      chosen.push(one);
  }
  return chosen;
}

/**
 * Frequencies next to each other hold the same of a particle that fills part of its box: so many times too large are differences of
 * likelihoods. Fitted to validation complexes.
 */
const LIKELIHOOD_SCALE = 7;
/** Maxima closer than this are as good as one. */
const RIGHT_DEGREES = 15;

function confidenceOf(best: ScoredPose, others: readonly ScoredPose[]): number {
  const rivals = others.filter(
    (other) => angleBetweenQuaternions(other.pose.rotation, best.pose.rotation) > RIGHT_DEGREES,
  );
  return 1 / (1 + rivals.reduce((sum, { score }) => sum + Math.exp((score - best.score) / LIKELIHOOD_SCALE), 0));
}
