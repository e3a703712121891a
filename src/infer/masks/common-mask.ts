/** One mask of what many particles of a class show, each with a part of its own lost, and every particle's mask made with it. */
import { throwIfAborted } from "../../errors.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import {
  createVolume,
  gaussianFilterInPlace,
  invertPose,
  type Pose,
  rotateVolume,
  type Vector3,
  type Volume,
} from "../../volume/index.js";
import { type AlignmentReference, createAligner } from "../align/align-pose.js";
import { createSubtomogramMaker, type Subtomogram } from "../align/subtomogram.js";
import { createFourierSum } from "../average/fourier-sum.js";
import { maskShape } from "../pick/mask-shape.js";
import { densityMask } from "./density-mask.js";
import { overlap } from "./inside.js";

/** A particle's box and the mask that the network gives it, `[edge, edge, edge]` each. */
export interface MaskedBox {
  readonly volume: Float32Array;
  /** Probabilities. */
  readonly mask: Float32Array;
}

/** What particles of a class have in common. */
export interface CommonMask {
  readonly reference: AlignmentReference;
  /** Log odds in the reference's frame, by the density of all where that shows the particle. */
  readonly logOdds: Volume;
  /** Particles that it is the mean of. */
  readonly count: number;
}

/** Makes masks common; `await using` it, or dispose of it. One call at a time. */
interface MaskCombiner extends AsyncDisposable {
  /**
   * Aligns particles to the first of them, then to their average, and takes the mean of their masks' log odds where their masks
   * agree with it, whose surface the average's density then draws (see `densityMask`); undefined where fewer than half do, or they are fewer than `LEAST_LIKE`. 40 ms a particle and pass, five passes.
   * @throws ModelError, AbortError.
   */
  learn(boxes: readonly MaskedBox[], signal?: AbortSignal): Promise<CommonMask | undefined>;
  /**
   * The mask of a particle, its own and the common one brought onto its pose together; undefined where the two disagree, so that the
   * particle may be another. @throws ModelError.
   */
  combine(box: MaskedBox, common: CommonMask): Promise<Float32Array | undefined>;
}

/** What is aligned, and what is turned. */
interface CentredParticle {
  readonly volume: Float32Array;
  readonly subtomogram: Subtomogram;
  /** From the box's centre to where the particle is, in voxels. */
  readonly offset: Vector3;
  /** In the box as it is. */
  readonly logOdds: Volume;
}

interface MaskCombinerOptions {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** How far each frequency of the boxes was measured: see `Subtomogram`. */
  readonly weight: Float32Array;
}

/** Fewer particles than these have nothing in common that is worth knowing. */
export const LEAST_LIKE = 6;
/** Times that all particles are aligned: to the first, then to their average. */
const PASSES = 5;
/** A particle's own mask counts as so many others. */
const OWN_COUNT = 2;
/** Masks whose Dice coefficient with the common one is lower are of something else, or their pose is wrong. */
const LEAST_AGREEMENT = 0.5;
/** Probabilities beyond these of 0 and 1 are no surer. */
const SUREST = 0.001;
const LARGEST_LOG_ODDS = Math.log((1 - SUREST) / SUREST);
/** Neighbours fade out beyond the mask, blurred by so many voxels and made larger by the factor. */
const [FADE_VOXELS, FADE_FACTOR] = [1.5, 2.5] as const;
/** Of the box's edge: half of the largest diameter. */
const RADIUS = 0.32;
const LARGEST_SHIFT_VOXELS = 3;
const EFFORT = { rotations: 1800, candidates: 12, finalists: 3 } as const;

/** @throws ModelError when ONNX Runtime cannot run the search for poses. */
export async function createMaskCombiner(
  runtime: OnnxRuntime,
  { edge, voxelSizeAngstrom, weight }: MaskCombinerOptions,
): Promise<MaskCombiner> {
  const shape = [edge, edge, edge] as const;
  const everything = new Float32Array(weight.length).fill(1);
  const make = createSubtomogramMaker(edge);
  const aligner = await createAligner(runtime, {
    ...{ edge, voxelSizeAngstrom, radiusVoxels: RADIUS * edge, largestShiftVoxels: LARGEST_SHIFT_VOXELS },
    ...{ effort: EFFORT, threads: 1 },
  });
  /** A box without what is around its mask, the mask's middle voxel in its centre; undefined where the mask is empty. */
  const centred = ({ volume, mask }: MaskedBox): CentredParticle | undefined => {
    const offset = maskShape(mask, edge)?.offsetVoxels;
    if (!offset) return undefined;
    const [x, y, z] = [offset.x, offset.y, offset.z].map(Math.round);
    const fade = mask.slice();
    gaussianFilterInPlace(fade, shape, FADE_VOXELS);
    const within = (k: number) => (k + edge) % edge;
    const moved = Float32Array.from({ length: edge ** 3 }, (_, i) => {
      const row = within(Math.floor(i / edge ** 2) + z) * edge + within((Math.floor(i / edge) % edge) + y);
      const from = row * edge + within((i % edge) + x);
      return volume[from] * Math.min(1, FADE_FACTOR * fade[from]);
    });
    return { volume, subtomogram: make(moved, weight), offset: { x, y, z }, logOdds: logOddsOf(mask, edge) };
  };
  const turned = (logOdds: Volume, { rotation, shiftVoxels }: Pose): Volume => {
    // Zero is what lies outside of a turned volume: far outside is surely not of the particle.
    const raised = createVolume(
      shape,
      1,
      logOdds.data.map((value) => value + LARGEST_LOG_ODDS),
    );
    // Linear interpolation, twice, costs small particles .01 of Dice.
    const { data } = rotateVolume(raised, rotation, { shiftVoxels, interpolation: "cubic" });
    return createVolume(
      shape,
      1,
      data.map((value) => value - LARGEST_LOG_ODDS),
    );
  };
  return {
    [Symbol.asyncDispose]: () => aligner[Symbol.asyncDispose](),
    async learn(boxes, signal) {
      const particles = boxes.flatMap((box) => centred(box) ?? []);
      if (particles.length < LEAST_LIKE) return undefined;
      let reference = aligner.prepare(particles[0].subtomogram);
      let poses: Pose[] = [];
      for (let pass = 0; pass < PASSES; pass++) {
        poses = [];
        const sum = createFourierSum(edge);
        for (const { subtomogram } of particles) {
          throwIfAborted(signal);
          const { pose } = await aligner.align(subtomogram, reference);
          sum.add(subtomogram, pose);
          poses.push(pose);
        }
        reference = aligner.prepare(make(sum.volume(), everything));
      }
      const wholePoses = particles.map(({ offset }, i) => moved(poses[i], offset));
      const masks = particles.map(({ logOdds }, i) => turned(logOdds, invertPose(wholePoses[i])));
      const first = meanOf(masks);
      const agrees = masks.map(({ data }) => overlap(data, first.data) >= LEAST_AGREEMENT);
      const agreeing = masks.filter((_, i) => agrees[i]);
      if (agreeing.length < Math.max(LEAST_LIKE, particles.length / 2)) return undefined;
      const logOdds = meanOf(agreeing);
      const sum = createFourierSum(edge);
      for (const [i, { volume }] of particles.entries()) if (agrees[i]) sum.add(make(volume, weight), wholePoses[i]);
      const byDensity = densityMask(sum.volume(), logOdds.data, edge);
      return {
        reference,
        logOdds: byDensity ? createVolume(shape, 1, byDensity) : logOdds,
        count: agreeing.length,
      };
    },
    async combine(box, { reference, logOdds, count }) {
      const particle = centred(box);
      if (!particle) return undefined;
      const { pose } = await aligner.align(particle.subtomogram, reference);
      const own = particle.logOdds.data;
      const common = turned(logOdds, moved(pose, particle.offset)).data;
      if (overlap(own, common) < LEAST_AGREEMENT) return undefined;
      return own.map((value, i) => 1 / (1 + Math.exp(-(OWN_COUNT * value + count * common[i]) / (OWN_COUNT + count))));
    },
  };
}

function moved({ rotation, shiftVoxels: { x, y, z } }: Pose, by: Vector3): Pose {
  return { rotation, shiftVoxels: { x: x + by.x, y: y + by.y, z: z + by.z } };
}

function logOddsOf(mask: Float32Array, edge: number): Volume {
  const bounded = (p: number) => Math.min(1 - SUREST, Math.max(SUREST, p));
  return createVolume(
    [edge, edge, edge],
    1,
    mask.map((p) => Math.log(bounded(p) / (1 - bounded(p)))),
  );
}

function meanOf(volumes: readonly Volume[]): Volume {
  const mean = createVolume(volumes[0].shape, 1);
  for (const { data } of volumes) for (let i = 0; i < data.length; i++) mean.data[i] += data[i] / volumes.length;
  return mean;
}
