import { dice } from "../../evaluate/index.js";
import { insideMask } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import {
  type Complex,
  createRenderer,
  type ImagingConditions,
  type ImagingOptions,
  type RenderedParticle,
} from "../../simulate/index.js";
import type { Random } from "../../volume/index.js";

/** Simulated particles whose class and mask are known: one block of `perClass` for each complex, in their order. */
export interface LabelledParticles {
  /** `[count, edge, edge, edge]`, each zero mean and unit variance. */
  readonly volumes: Float32Array;
  readonly masks: Uint8Array;
  /** Index into the complexes. */
  readonly labels: Int32Array;
  readonly edge: number;
}

export interface LabelledParticlesOptions extends Progress {
  readonly perClass: number;
  /** Infinity for no noise. Poses, optics and neighbours do not depend on it: only the noise does. */
  readonly snr: number;
  readonly random: Random;
  /** What may intrude into the box of every second particle; the others are alone. */
  readonly neighbours: readonly Complex[];
  /** Let them intrude into every box. */
  readonly allCrowded?: boolean | undefined;
  readonly imaging?: Partial<ImagingOptions> | undefined;
  /** What every particle's imaging is, rather than drawn from `imaging`; or what draws it for each of them. */
  readonly conditions?: Partial<ImagingConditions> | ((random: Random) => Partial<ImagingConditions>) | undefined;
  /** Changes each finished volume in place. */
  readonly process?: ((particle: RenderedParticle, random: Random) => void) | undefined;
  readonly stage?: string;
}

/** Renders labelled particles, half of them crowded. The same `random` gives the same particles at every SNR. */
export async function renderLabelledParticles(
  complexes: readonly Complex[],
  options: LabelledParticlesOptions,
): Promise<LabelledParticles> {
  const { perClass, snr, neighbours, imaging = {}, stage = "imaging particles", onProgress, signal } = options;
  const renderer = createRenderer(imaging);
  const edge = renderer.options.boxSize;
  const voxels = edge ** 3;
  const { conditions } = options;
  const total = complexes.length * perClass;
  const volumes = new Float32Array(total * voxels);
  const masks = new Uint8Array(total * voxels);
  const labels = Int32Array.from({ length: total }, (_, index) => Math.floor(index / perClass));
  for (let index = 0; index < total; index++) {
    const [from, to] = [index * voxels, (index + 1) * voxels];
    const random = options.random.fork("particle", index);
    const particle = renderer.render(complexes[labels[index]!]!, {
      random,
      snr,
      neighbours: options.allCrowded || index % 2 === 1 ? neighbours : [],
      conditions: typeof conditions === "function" ? conditions(random.fork("conditions")) : conditions,
      into: { volume: volumes.subarray(from, to), mask: masks.subarray(from, to) },
    });
    options.process?.(particle, random.fork("processing"));
    if (index % 8 === 7) {
      onProgress?.({ stage, done: index + 1, total });
      await breathe(signal);
    }
  }
  onProgress?.({ stage, done: total, total });
  return { volumes, masks, labels, edge };
}

/** Dice coefficient of each particle's predicted mask (probability above one half) with its true one. */
export function maskDices({ masks, labels }: LabelledParticles, probabilities: Float32Array): Float64Array {
  const voxels = masks.length / labels.length;
  return Float64Array.from(labels, (_, index) => {
    const [from, to] = [index * voxels, (index + 1) * voxels];
    return dice(insideMask(probabilities.subarray(from, to)), masks.subarray(from, to));
  });
}
