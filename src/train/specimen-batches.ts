/**
 * Batches cut from simulated tomograms: what single particles drawn in boxes of their own lack are the streaks and fringes
 * that neighbours, membranes and gold beads throw from far beyond the box.
 */
import { ConfigError } from "../errors.js";
import {
  createRandom,
  flip,
  gaussianFilterInPlace,
  normaliseInPlace,
  type Random,
  wedgePreservingMirrors,
  wedgePreservingRotations,
} from "../volume/index.js";
import { type Batch, type BatchOptions, membersByClass } from "./batches.js";
import { BLUR_SIGMAS_VOXELS, STEPS_PER_DEVIATION, type TrainingSpecimen } from "./specimen.js";
import { drawNoise } from "./specimen-noise.js";

export interface SpecimenBatchOptions extends Pick<BatchOptions, "seed" | "classes" | "shots"> {
  /** Edge of the boxes in voxels. */
  readonly edge: number;
}

/** A class of a specimen, and its particles. */
interface SpecimenClass {
  readonly specimen: TrainingSpecimen;
  readonly particles: readonly number[];
}

/** A box lies off its particle's centre by up to this many voxels along each axis: in most cases, and in a third of them, as far as candidates of elongated complexes lie. */
const [SHIFT_VOXELS, WIDE_SHIFT_VOXELS] = [1.5, 3] as const;
const WIDE_SHARE = 0.35;
/** Fraction of boxes that are low-pass filtered, as tomograms are that were denoised or meant to be looked at. */
const FILTERED_SHARE = 0.4;

/**
 * Batch number `step`, a function of the seed, the step and the specimens alone. Views of a class are of different particles
 * of one specimen, under random 180° rotations that keep the missing wedge, at random noise each; half of the classes are mirror
 * images. Classes are of one specimen as far as it has enough, since they will have to be told apart in use.
 * @throws ConfigError when the specimens have fewer classes than a batch needs.
 */
export function createSpecimenBatches(
  { seed, classes, shots, edge }: SpecimenBatchOptions,
  specimens: readonly TrainingSpecimen[],
): (step: number) => Batch {
  const root = createRandom(seed).fork("specimens");
  const views = 1 + shots;
  const voxels = edge ** 3;
  const available = specimens.map((specimen) => classesOf(specimen, views));
  const total = available.reduce((sum, { length }) => sum + length, 0);
  if (total < classes)
    throw new ConfigError(
      `the simulated tomograms hold only ${total} classes of ${views} particles or more, ${classes} are needed`,
      { hint: "Simulate more or larger ones." },
    );
  const box = new Float32Array(voxels);
  const inside = new Uint8Array(voxels);
  const rotatedMask = new Uint8Array(voxels);
  const deviates = new Float64Array(voxels);
  return (step) => {
    const random = root.fork(step);
    const chosen: SpecimenClass[] = [];
    for (const index of random.sample(available.length, available.length)) {
      const left = classes - chosen.length;
      const own = available[index];
      for (const at of random.sample(own.length, Math.min(left, own.length))) chosen.push(own[at]);
      if (chosen.length === classes) break;
    }
    const volumes = new Float32Array(views * classes * voxels);
    const masks = new Float32Array(views * classes * voxels);
    for (const [label, { specimen, particles }] of chosen.entries()) {
      const own = random.fork("class", label);
      const rotations = own.next() < 0.5 ? wedgePreservingMirrors : wedgePreservingRotations;
      for (const [view, at] of own.sample(particles.length, views).entries()) {
        const drawn = own.fork("view", view);
        cutParticle(drawn, specimen, particles[at], { edge, box, inside, deviates });
        const axes = drawn.pick(rotations);
        const from = (view * classes + label) * voxels;
        flip(box, volumes.subarray(from, from + voxels), [edge, edge, edge], axes);
        flip(inside, rotatedMask, [edge, edge, edge], axes);
        masks.set(rotatedMask, from);
      }
    }
    return { volumes, masks };
  };
}

/** Classes that a specimen has enough particles of for all views of one. */
function classesOf(specimen: TrainingSpecimen, views: number): SpecimenClass[] {
  return membersByClass(specimen.classes)
    .filter((particles) => particles.length >= views)
    .map((particles) => ({ specimen, particles }));
}

interface Cut {
  readonly edge: number;
  readonly box: Float32Array;
  readonly inside: Uint8Array;
  /** Scratch memory. */
  readonly deviates: Float64Array;
}

/** Beyond the specimen a box holds the mean, as `cosnet pick` fills it. */
function cutParticle(
  random: Random,
  specimen: TrainingSpecimen,
  particle: number,
  { edge, box, inside, deviates }: Cut,
): void {
  const { shape, noiseFree, noise, instances, centres } = specimen;
  const [nz, ny, nx] = shape;
  const level = drawNoise(random, specimen.boxVariance);
  const shift = random.next() < WIDE_SHARE ? WIDE_SHIFT_VOXELS : SHIFT_VOXELS;
  const corner = (axis: number): number =>
    Math.round(centres[4 * particle + axis] + random.uniform(-shift, shift)) - Math.floor(edge / 2);
  const [x0, y0, z0] = [corner(0), corner(1), corner(2)];
  // The noise of another position: so one particle is never seen in the same noise twice.
  const [noiseZ, noiseY, noiseX] = shape.map((length) => random.integer(Math.max(1, length - edge + 1)));
  const noiseFreeScale = 1 / STEPS_PER_DEVIATION;
  const noiseScale = level.reconstructed / STEPS_PER_DEVIATION;
  box.fill(0);
  inside.fill(0);
  for (let z = 0; z < edge; z++)
    for (let y = 0; y < edge; y++) {
      const within = z0 + z >= 0 && z0 + z < nz && y0 + y >= 0 && y0 + y < ny;
      if (!within) continue;
      const row = ((z0 + z) * ny + y0 + y) * nx + x0;
      const noiseRow = (Math.min(nz - 1, noiseZ + z) * ny + Math.min(ny - 1, noiseY + y)) * nx + noiseX;
      const out = (z * edge + y) * edge;
      const end = Math.min(edge, nx - x0);
      for (let x = Math.max(0, -x0); x < end; x++) {
        box[out + x] = noiseFreeScale * noiseFree[row + x] + noiseScale * noise[noiseRow + x];
        if (instances[row + x] === particle + 1) inside[out + x] = 1;
      }
    }
  if (level.white > 0) {
    random.fillNormal(deviates);
    for (let at = 0; at < box.length; at++) box[at] += level.white * deviates[at];
  }
  if (random.next() < FILTERED_SHARE)
    gaussianFilterInPlace(box, [edge, edge, edge], random.pick(BLUR_SIGMAS_VOXELS.slice(1)));
  normaliseInPlace(box);
}
