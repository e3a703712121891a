/** The particles that are shown, with the masks of the networks. */
import { dice } from "../../evaluate/index.js";
import { type Complex, defaultImaging } from "../../simulate/index.js";
import { createVolume, type Volume } from "../../volume/index.js";
import type { LabelledParticles } from "../benchmark/index.js";
import { type ParticleSource, particleIdentity } from "./particles.js";
import type { Experiment } from "./plan.js";

/** A test particle as the figures show it: input, true mask, and the mask of each network with a decoder. */
export interface ExamplePicture {
  readonly name: string;
  readonly volume: Volume;
  readonly truth: Float32Array;
  /** By the network's key; probabilities 0 to 1. */
  readonly masks: ReadonlyMap<string, { readonly mask: Float32Array; readonly dice: number }>;
}

/** The SNR of the paper's figures. */
export const PICTURE_SNR = 1000;

/** The first particle of each class with its true mask, base64 of float32 and of bytes. */
export interface ExampleParticles {
  readonly volumes: string;
  readonly masks: string;
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
}

/** The particles that the pictures show: the first of each class, not a chosen one. */
export function exampleParticles(source: ParticleSource, experiment: Experiment): Promise<ExampleParticles> {
  return experiment.steps.once("examples", particleIdentity(experiment), async () => {
    const particles = await source(PICTURE_SNR);
    const { length } = experiment.test;
    return {
      volumes: base64(firstOfEachClass(particles, length, particles.volumes)),
      masks: base64(firstOfEachClass(particles, length, particles.masks)),
      edge: particles.edge,
      voxelSizeAngstrom: defaultImaging.voxelSizeAngstrom,
    };
  });
}

/** The example particle of each class with the mask of every network that has one. */
export function examplePictures(
  { volumes, masks, edge, voxelSizeAngstrom }: ExampleParticles,
  measured: readonly { readonly network: string; readonly snr: number; readonly examples: string | null }[],
  complexes: readonly Complex[],
): ExamplePicture[] {
  const voxels = edge ** 3;
  const values = new Float32Array(bytesOf(volumes).buffer);
  const truths = bytesOf(masks);
  const predicted = measured.flatMap(({ network, snr, examples }) =>
    snr !== PICTURE_SNR || examples === null ? [] : [[network, bytesOf(examples)] as const],
  );
  return complexes.map(({ name }, label) => {
    const [from, to] = [label * voxels, (label + 1) * voxels];
    const truth = truths.subarray(from, to);
    return {
      name,
      volume: createVolume([edge, edge, edge], voxelSizeAngstrom, values.subarray(from, to)),
      truth: Float32Array.from(truth),
      masks: new Map(
        predicted.map(([key, bytes]) => {
          const own = bytes.subarray(from, to);
          const inside = own.map((value) => (value > 127 ? 1 : 0));
          return [key, { mask: Float32Array.from(own, (value) => value / 255), dice: dice(inside, truth) }];
        }),
      ),
    };
  });
}

/** In an aligned buffer, so that they can be read as floats, too. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** The boxes of the first particle of each class, one after the other. */
function firstOfEachClass<T extends Float32Array | Uint8Array>(
  { labels, edge }: LabelledParticles,
  classes: number,
  boxes: T,
): T {
  const voxels = edge ** 3;
  const out = boxes.slice(0, classes * voxels) as T;
  for (let label = 0; label < classes; label++) {
    const first = labels.indexOf(label);
    out.set(boxes.subarray(first * voxels, (first + 1) * voxels), label * voxels);
  }
  return out;
}

/** Masks of the first particle of each class in base64, probabilities as 0 to 255. */
export function exampleMasks(particles: LabelledParticles, classes: number, masks: Float32Array): string {
  const bytes = Uint8Array.from(masks, (value) => Math.round(255 * value));
  return base64(firstOfEachClass(particles, classes, bytes));
}

function base64({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
