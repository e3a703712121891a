/** Batches that hold a user's own particles beside simulated ones. Each is a function of (seed, step) and what is mixed. */
import {
  createRandom,
  flip,
  normaliseInPlace,
  type Random,
  wedgePreservingMirrors,
  wedgePreservingRotations,
} from "../volume/index.js";
import { type Batch, joinBatches } from "./batches.js";

/** Particles whose class is known, and their masks are not. */
export interface LabelledVolumes {
  /** `[count, edge, edge, edge]`: zero mean, unit variance, protein positive. */
  readonly volumes: Float32Array;
  /** Class of each particle, 0 and up; every class has at least one. */
  readonly labels: ArrayLike<number>;
  readonly edge: number;
}

export interface ParticleMixOptions {
  readonly seed: number;
  /** Classes of the user's in each batch; all of them when they are no more. */
  readonly classes: number;
  /** Supports of each class; the batch holds 1 + shots views of it. */
  readonly shots: number;
}

/** A view is moved by up to so many voxels along each axis... */
const SHIFT_VOXELS = 1;
/** ...and gets white noise of up to so many of its own standard deviations. */
const NOISE_DEVIATION = 0.5;

/**
 * Gives a function that appends views of the user's classes to a simulated batch of the same shots. Views of one class are
 * of different particles as far as there are enough, under random half turns that keep the missing wedge, moved by a voxel,
 * with some noise added; half of the classes as their mirror images, which are other classes with the same statistics.
 */
export function mixParticles(
  { volumes, labels, edge }: LabelledVolumes,
  { seed, classes, shots }: ParticleMixOptions,
): (step: number, simulated: Batch) => Batch {
  const root = createRandom(seed).fork("own particles");
  const voxels = edge ** 3;
  const members = membersByClass(labels);
  const views = 1 + shots;
  const own = Math.min(classes, members.length);
  const deviates = new Float64Array(voxels);
  const turned = new Float32Array(voxels);

  function drawView(random: Random, index: number, mirrored: boolean, into: Float32Array): void {
    const axes = random.pick(mirrored ? wedgePreservingMirrors : wedgePreservingRotations);
    flip(volumes.subarray(index * voxels, (index + 1) * voxels), turned, [edge, edge, edge], axes);
    const [dz, dy, dx] = [moved(random), moved(random), moved(random)];
    const noise = random.uniform(0, NOISE_DEVIATION);
    random.fillNormal(deviates);
    const at = (i: number, shift: number): number => (i + shift + edge) % edge;
    for (let z = 0, out = 0; z < edge; z++)
      for (let y = 0; y < edge; y++) {
        const row = (at(z, dz) * edge + at(y, dy)) * edge;
        for (let x = 0; x < edge; x++, out++) into[out] = turned[row + at(x, dx)] + noise * deviates[out];
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
    for (const [place, label] of random.sample(members.length, own).entries()) {
      const particles = members[label];
      const mirrored = random.next() < 0.5;
      const order = random.sample(particles.length, particles.length);
      for (let view = 0; view < views; view++) {
        const index = view * own + place;
        const into = drawn.volumes.subarray(index * voxels, (index + 1) * voxels);
        drawView(random.fork(place, view), particles[order[view % order.length]], mirrored, into);
      }
    }
    return joinBatches(simulated, drawn, { views, voxels });
  };
}

function moved(random: Random): number {
  return random.integer(2 * SHIFT_VOXELS + 1) - SHIFT_VOXELS;
}

function membersByClass(labels: ArrayLike<number>): number[][] {
  const members: number[][] = [];
  for (let i = 0; i < labels.length; i++) (members[labels[i]] ??= []).push(i);
  return members;
}
