/**
 * Training batches: P classes, a query and one or more supports of each. A batch is a function of (seed, step) alone, so
 * batches can be made by several workers in any order and a resumed training sees exactly what an uninterrupted one would.
 */
import {
  type Complex,
  createRenderer,
  drawReconstructedConditions,
  type ImagingOptions,
  proceduralComplex,
} from "../simulate/index.js";
import { createRandom, type Random } from "../volume/index.js";
import { logUniform } from "./scene.js";

/** What a training batch is made of. */
export interface BatchOptions {
  readonly seed: number;
  /** P: classes in a batch. */
  readonly classes: number;
  /** Supports of each class; the batch holds 1 + shots views of it. */
  readonly shots: number;
  /** Classes of a batch drawn from the given structures; the others are procedural. */
  readonly structureClasses: number;
  /**
   * Procedural classes alive at a time, and how many of them are replaced by new ones at each step. With none, all classes
   * must come from the given structures, which then also are each other's neighbours.
   */
  readonly pool: number;
  readonly freshClasses: number;
  /** Fraction of batches whose procedural classes are neighbours in size, hence hard to tell apart. */
  readonly hardShare: number;
  /** Fraction of particles with neighbours in the box. */
  readonly crowdedShare: number;
  /** Fraction of particles imaged under conditions as they differ between laboratories rather than those of `imaging`. */
  readonly variedShare: number;
  readonly imaging: Partial<ImagingOptions>;
}

/** Batches of the default training. */
export const batchDefaults: Omit<BatchOptions, "seed"> = {
  classes: 24,
  shots: 1,
  structureClasses: 6,
  pool: 480,
  freshClasses: 4,
  hardShare: 0.5,
  crowdedShare: 0.5,
  variedShare: 0.5,
  imaging: {},
};

export interface Batch {
  /** `[(1 + shots) P, 32, 32, 32]`: first views of all classes, then second views, ... */
  readonly volumes: Float32Array;
  readonly masks: Float32Array;
  /** 1 for each particle whose mask is known, else 0 and its mask is empty; all are known where this is left out. */
  readonly maskKnown?: Float32Array;
}

/**
 * Two batches of the same number of views as one: of each view the classes of the first, then those of the second.
 * `voxels`: of one volume.
 */
export function joinBatches(
  first: Batch,
  second: Batch,
  { views, voxels }: { readonly views: number; readonly voxels: number },
): Batch {
  const interleave = (a: Float32Array, b: Float32Array): Float32Array => {
    const joined = new Float32Array(a.length + b.length);
    const [own, other] = [a.length / views, b.length / views];
    for (let view = 0; view < views; view++) {
      joined.set(a.subarray(view * own, (view + 1) * own), view * (own + other));
      joined.set(b.subarray(view * other, (view + 1) * other), view * (own + other) + own);
    }
    return joined;
  };
  const known = ({ volumes, maskKnown }: Batch) => maskKnown ?? new Float32Array(volumes.length / voxels).fill(1);
  return {
    volumes: interleave(first.volumes, second.volumes),
    masks: interleave(first.masks, second.masks),
    ...((first.maskKnown || second.maskKnown) && { maskKnown: interleave(known(first), known(second)) }),
  };
}

/** Particles of each class, by label: indices into `labels`. */
export function membersByClass(labels: ArrayLike<number>): number[][] {
  const members: number[][] = [];
  for (let i = 0; i < labels.length; i++) (members[labels[i]] ??= []).push(i);
  return members;
}

/** Makes batches; keeps the pool of procedural classes between steps. */
export function createBatchSource(options: BatchOptions, structures: readonly Complex[]): (step: number) => Batch {
  const root = createRandom(options.seed);
  const renderer = createRenderer(options.imaging);
  const pool = proceduralPool(root, options);
  const structureClasses = Math.min(options.structureClasses, structures.length, options.classes);
  const voxels = renderer.options.boxSize ** 3;

  return (step) => {
    const random = root.fork("batch", step);
    const alive = pool(step);
    const classes = [
      ...pickProcedural(random, alive, options.classes - structureClasses, options.hardShare),
      ...random.sample(structures.length, structureClasses).map((index) => structures[index]),
    ];
    const crowd = alive.length > 0 ? alive : structures;
    const noisyFraction = random.pick([0.25, 0.5, 0.75]);
    const mirrored = classes.map(() => random.next() < 0.5);
    const count = (1 + options.shots) * options.classes;
    const volumes = new Float32Array(count * voxels);
    const masks = new Float32Array(count * voxels);
    const mask = new Uint8Array(voxels);
    for (let i = 0; i < count; i++) {
      const complex = classes[i % options.classes];
      const neighbours =
        random.next() < options.crowdedShare ? random.sample(crowd.length, Math.min(8, crowd.length)) : [];
      // Drawn for each particle, not for a batch or class: a class must not be known by how it was imaged.
      const conditions = random.fork("conditions", i);
      const varied = conditions.next() < options.variedShare;
      renderer.render(complex, {
        random: random.fork("particle", i),
        snr: drawSnr(random, noisyFraction, varied ? 0.02 : 0.25),
        mirrored: mirrored[i % options.classes],
        neighbours: neighbours.map((index) => crowd[index]),
        conditions: varied ? drawReconstructedConditions(conditions) : undefined,
        into: { volume: volumes.subarray(i * voxels, (i + 1) * voxels), mask },
      });
      masks.set(mask, i * voxels);
    }
    return { volumes, masks };
  };
}

/** The procedural classes alive at a step, smallest first. Class k of the endless stream depends on the seed and k only. */
function proceduralPool(root: Random, { pool, freshClasses }: BatchOptions): (step: number) => readonly Complex[] {
  const alive = new Map<number, Complex>();
  return (step) => {
    const first = step * freshClasses;
    for (const id of alive.keys()) if (id < first || id >= first + pool) alive.delete(id);
    for (let id = first; id < first + pool; id++)
      if (!alive.has(id)) alive.set(id, proceduralComplex(root.fork("class", id)));
    return [...alive.values()].sort((a, b) => a.gyrationRadiusAngstrom - b.gyrationRadiusAngstrom);
  };
}

function pickProcedural(random: Random, alive: readonly Complex[], count: number, hardFraction: number): Complex[] {
  // A window of three times the count among classes sorted by size: similar, but not the same at every draw.
  const window = random.next() < hardFraction ? Math.min(alive.length, 3 * count) : alive.length;
  const start = random.integer(alive.length - window + 1);
  return random.sample(window, count).map((index) => alive[start + index]);
}

/** Noisy particles from the lowest SNR to 4, the others from nearly clean to noise-free; both kinds in every batch. */
function drawSnr(random: Random, noisyFraction: number, lowest: number): number {
  if (random.next() < noisyFraction) return logUniform(random, lowest, 4);
  return random.next() < 0.5 ? Number.POSITIVE_INFINITY : logUniform(random, 4, 1000);
}
