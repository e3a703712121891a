/** Batches that hold a user's own particles beside simulated ones. Each is a function of (seed, step) and what is mixed. */
import {
  createRandom,
  flip,
  normaliseInPlace,
  type Random,
  wedgePreservingMirrors,
  wedgePreservingRotations,
} from "../volume/index.js";
import { type Batch, type BatchOptions, joinBatches, membersByClass } from "./batches.js";

/** Particles whose class is known, and their masks are not. */
export interface LabelledVolumes {
  /** `[count, edge, edge, edge]`: zero mean, unit variance, protein positive. */
  readonly volumes: Float32Array;
  /** Class of each particle, 0 and up; every class has at least one. */
  readonly labels: ArrayLike<number>;
  readonly edge: number;
}

/** A view is moved by up to this many voxels along each axis... */
const SHIFT_VOXELS = 1;
/** ...and gets white noise of up to this many of its own standard deviations. */
const NOISE_DEVIATION = 0.5;

/**
 * Gives a function that appends views of up to `classes` of the user's classes to a simulated batch of the same shots. Views
 * of one class are of different particles as far as there are enough, under random 180° rotations that keep the missing wedge,
 * moved by a voxel, with some noise added; half of the classes as their mirror images, which are other classes with the same
 * statistics.
 */
export function mixParticles(
  { volumes, labels, edge }: LabelledVolumes,
  { seed, classes, shots }: Pick<BatchOptions, "seed" | "classes" | "shots">,
): (step: number, simulated: Batch) => Batch {
  const root = createRandom(seed).fork("own particles");
  const voxels = edge ** 3;
  const members = membersByClass(labels);
  const views = 1 + shots;
  const own = Math.min(classes, members.length);
  const deviates = new Float64Array(voxels);
  const rotated = new Float32Array(voxels);

  function drawView(random: Random, index: number, mirrored: boolean, into: Float32Array): void {
    const axes = random.pick(mirrored ? wedgePreservingMirrors : wedgePreservingRotations);
    flip(volumes.subarray(index * voxels, (index + 1) * voxels), rotated, [edge, edge, edge], axes);
    const moved = (): number => random.integer(2 * SHIFT_VOXELS + 1) - SHIFT_VOXELS;
    const [dz, dy, dx] = [moved(), moved(), moved()];
    const noise = random.uniform(0, NOISE_DEVIATION);
    random.fillNormal(deviates);
    const at = (i: number, shift: number): number => (i + shift + edge) % edge;
    for (let z = 0, out = 0; z < edge; z++)
      for (let y = 0; y < edge; y++) {
        const row = (at(z, dz) * edge + at(y, dy)) * edge;
        for (let x = 0; x < edge; x++, out++) into[out] = rotated[row + at(x, dx)] + noise * deviates[out];
      }
    normaliseInPlace(into);
  }

  return (step, simulated) => {
    const drawn = {
      volumes: new Float32Array(views * own * voxels),
      masks: new Float32Array(views * own * voxels),
      maskKnown: new Float32Array(views * own),
    };
    const random = root.fork(step);
    for (const [at, label] of random.sample(members.length, own).entries()) {
      const particles = members[label];
      const mirrored = random.next() < 0.5;
      const order = random.sample(particles.length, particles.length);
      for (let view = 0; view < views; view++) {
        const index = view * own + at;
        const into = drawn.volumes.subarray(index * voxels, (index + 1) * voxels);
        drawView(random.fork(at, view), particles[order[view % order.length]], mirrored, into);
      }
    }
    return joinBatches(simulated, drawn, { views, voxels });
  };
}
