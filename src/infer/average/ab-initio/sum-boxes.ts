import { throwIfAborted } from "../../../errors.js";
import { resolutionAt } from "../../../evaluate/index.js";
import {
  createVolume,
  type FoundSymmetry,
  keepsSymmetry,
  NO_SYMMETRY,
  type Random,
  symmetryOperators,
} from "../../../volume/index.js";
import { angularAgreement } from "../confirmation.js";
import { createFourierSum, type FourierSum } from "../fourier-sum.js";
import { joinHalves } from "../half-maps.js";
import { symmetrised } from "../symmetrised.js";
import type { AveragedParticle, AveragedParticles, AverageOptions, ParticleSource } from "./averaging.js";
import { posesOf } from "./likely-pose.js";

/** Of independent halves, at the resolution they are said to have. */
const AGREEMENT = 0.143;
/** Mean logarithm of the likelihood over noise: of noise it is 0, of validation complexes at an SNR of 0.1 it is 10 to 20. */
const LEAST_EVIDENCE = 1;

/**
 * Averages of whole boxes in the poses that were found, the largest first, and of each of both halves. Particles that were set aside are
 * read as well: what a source has to say of them does not depend on where a run was stopped. A symmetry that was found is imposed if the
 * halves keep to it in these poses, one that is given in any case.
 * @throws AbortError; what `source.read` throws.
 */
export async function sumBoxes(
  source: ParticleSource,
  particles: readonly AveragedParticle[],
  symmetries: readonly FoundSymmetry[],
  {
    mask,
    random,
    leastAngstrom,
    isSymmetryGiven,
    onProgress,
    signal,
  }: {
    readonly mask: Float32Array;
    readonly random: Random;
    /** Halves that agree to less than this confirm nothing. */
    readonly leastAngstrom: number;
    /** Whether a user says what symmetry there is. */
    readonly isSymmetryGiven: boolean;
  } & Pick<AverageOptions, "onProgress" | "signal">,
): Promise<AveragedParticles> {
  const sums = symmetries.map(() => [createFourierSum(source.edge), createFourierSum(source.edge)] as const);
  for (const [index, particle] of particles.entries()) {
    throwIfAborted(signal);
    onProgress?.({ step: "summing", done: index, total: particles.length });
    const subtomogram = await source.read(index);
    if (particle.isSetAside) continue;
    for (const { fraction, ...pose } of posesOf(particle))
      sums[particle.reference][particle.half].add(subtomogram, pose, fraction);
  }
  const counts = sums.map(
    (_, i) => particles.filter(({ reference, isSetAside }) => reference === i && !isSetAside).length,
  );
  const order = [...sums.keys()].sort((a, b) => counts[b] - counts[a]);
  return {
    averages: order.map((i) => {
      const symmetry = keptSymmetry(sums[i], symmetries[i], { mask, source, isGiven: isSymmetryGiven });
      const halves = [ofSymmetry(sums[i][0], symmetry), ofSymmetry(sums[i][1], symmetry)] as const;
      const joined = joinHalves(halves, mask, random);
      const own = particles.filter(({ reference, isSetAside }) => reference === i && !isSetAside);
      const resolution = resolutionAt(joined.correlation.corrected, source.voxelSizeAngstrom, AGREEMENT);
      const agrees = resolution !== undefined && resolution.resolutionAngstrom <= leastAngstrom;
      const angular = agrees
        ? angularAgreement(joined.halves, {
            ...{ mask, edge: source.edge, random: random.fork("angular", i) },
            shells: shellsBetween(leastAngstrom, resolution.resolutionAngstrom, source),
            operatorCount: symmetryOperators(symmetry.pointGroup).length,
          })
        : undefined;
      const evidence = own.reduce((sum, particle) => sum + particle.evidence / own.length, 0);
      const isConfirmed = angular !== undefined && angular.correlation >= angular.least && evidence > LEAST_EVIDENCE;
      return { ...joined, count: counts[i], angular, isConfirmed, symmetry };
    }),
    particles: particles.map((particle) => ({ ...particle, reference: order.indexOf(particle.reference) })),
  };
}

/** Shells of the whole box from one resolution to a finer one; at least one. */
function shellsBetween(
  coarseAngstrom: number,
  fineAngstrom: number,
  { edge, voxelSizeAngstrom }: ParticleSource,
): readonly [first: number, last: number] {
  const first = Math.ceil((edge * voxelSizeAngstrom) / coarseAngstrom);
  return [first, Math.max(first, Math.floor((edge * voxelSizeAngstrom) / fineAngstrom))];
}

/** The symmetry that is given, or was found if the halves in their final poses keep to it before it is imposed on them; else none. */
function keptSymmetry(
  [one, other]: readonly [FourierSum, FourierSum],
  found: FoundSymmetry,
  {
    mask,
    source: { edge, voxelSizeAngstrom },
    isGiven,
  }: { readonly mask: Float32Array; readonly source: ParticleSource; readonly isGiven: boolean },
): FoundSymmetry {
  if (found.pointGroup === "C1") return found;
  const masked = (sum: FourierSum) =>
    createVolume(
      [edge, edge, edge],
      voxelSizeAngstrom,
      sum.volume().map((value, at) => value * mask[at]),
    );
  const isKept = keepsSymmetry([masked(one), masked(other)], found.pointGroup);
  if (isGiven) return { ...found, isSeen: isKept };
  return isKept ? found : { ...NO_SYMMETRY, score: found.score, lost: found.pointGroup };
}

function ofSymmetry(sum: FourierSum, { pointGroup }: FoundSymmetry): FourierSum {
  return pointGroup === "C1" ? sum : symmetrised(sum, symmetryOperators(pointGroup));
}
