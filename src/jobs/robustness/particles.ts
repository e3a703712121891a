import { breathe, type Progress } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { createVolume, normaliseInPlace, type Random, rescaleFourier } from "../../volume/index.js";
import { type LabelledParticles, renderLabelledParticles } from "../benchmark/index.js";
import type { RobustnessCondition } from "./conditions.js";
import { createProcessing } from "./processing.js";

export interface ConditionedParticlesOptions extends Progress {
  readonly perClass: number;
  readonly snr: number;
  readonly random: Random;
  /** What the network takes. */
  readonly network: { readonly edge: number; readonly voxelSizeAngstrom: number };
  readonly stage: string;
}

/** Labelled particles as the network gets them under a condition; the same poses and neighbours under every one. */
export async function renderUnderCondition(
  complexes: readonly Complex[],
  { imaging, conditions, allCrowded, processing }: RobustnessCondition,
  { network, ...options }: ConditionedParticlesOptions,
): Promise<LabelledParticles> {
  const voxelSizeAngstrom = imaging?.voxelSizeAngstrom ?? network.voxelSizeAngstrom;
  const same = voxelSizeAngstrom === network.voxelSizeAngstrom;
  // As boxes are cut from tomograms: half a voxel more on each side than the network sees.
  const edge = same
    ? network.edge
    : 2 * Math.ceil((network.edge * network.voxelSizeAngstrom) / voxelSizeAngstrom / 2) + 2;
  const process = processing && createProcessing(processing, { edge, voxelSizeAngstrom });
  const particles = await renderLabelledParticles(complexes, {
    ...options,
    neighbours: complexes,
    allCrowded,
    imaging: { ...imaging, boxSize: edge, voxelSizeAngstrom },
    conditions,
    process:
      process &&
      (({ volume, conditions: { defocusMicrometre } }, random) => process({ volume, defocusMicrometre, random })),
  });
  return same ? particles : rescaled(particles, voxelSizeAngstrom, network, options);
}

async function rescaled(
  { volumes, masks, labels, edge }: LabelledParticles,
  voxelSizeAngstrom: number,
  network: { readonly edge: number; readonly voxelSizeAngstrom: number },
  { signal }: Progress,
): Promise<LabelledParticles> {
  const [from, to] = [edge ** 3, network.edge ** 3];
  const target = {
    voxelSizeAngstrom: network.voxelSizeAngstrom,
    shape: [network.edge, network.edge, network.edge],
  } as const;
  const result = {
    volumes: new Float32Array(labels.length * to),
    masks: new Uint8Array(labels.length * to),
    labels,
    edge: network.edge,
  };
  for (let i = 0; i < labels.length; i++) {
    const rescale = (data: Float32Array): Float32Array =>
      rescaleFourier(createVolume([edge, edge, edge], voxelSizeAngstrom, data), target).data;
    const volume = rescale(volumes.subarray(i * from, (i + 1) * from));
    normaliseInPlace(volume);
    result.volumes.set(volume, i * to);
    const mask = rescale(Float32Array.from(masks.subarray(i * from, (i + 1) * from)));
    for (let v = 0; v < to; v++) result.masks[i * to + v] = mask[v]! > 0.5 ? 1 : 0;
    if (i % 8 === 7) await breathe(signal);
  }
  return result;
}
