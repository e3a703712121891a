import { FormatError } from "../../errors.js";
import { readParticleBoxes } from "../../files/particles/index.js";
import { adaptVolumes, describeAdaptation, measureAdaptation, noAdaptation } from "../../infer/index.js";
import { classesOfExamples } from "../../io/index.js";
import { trainingStepDefaults } from "../../model/index.js";
import type { LabelledVolumes } from "../../train/index.js";
import { createRandom, type Random } from "../../volume/index.js";
import { contrastOfLists, contrastText, invertBoxes, someBoxes } from "../search/index.js";
import type { FineTuneOptions, FineTuneSettings } from "./options.js";

/** A user's labelled particles: those to learn from, and those held out of each class. */
export interface ParticleSplit {
  readonly training: LabelledVolumes;
  readonly heldOut: LabelledVolumes;
  /** Row of the list, from 0, of each particle held out. */
  readonly heldOutRows: readonly number[];
}

export interface OwnParticles extends ParticleSplit {
  /** Of the classes, by label. */
  readonly names: readonly string[];
  /** Tilt geometry and noise of the particles, and what was done about them. */
  readonly measured: string;
  /** Whether protein is dark, and how that is known. */
  readonly contrast: string;
}

const NETWORK_VOXEL_SIZE_ANGSTROM = 10;

/** Reads a user's particles as `classify` will show them to the model, and holds some out. */
export async function readOwnParticles(
  options: FineTuneOptions,
  { heldOutShare: fraction, seed }: FineTuneSettings,
): Promise<OwnParticles> {
  const { particlesPath: path, onWarning, adapt = true } = options;
  const { edge } = trainingStepDefaults;
  const boxes = await readParticleBoxes(path, {
    edge,
    voxelSizeAngstrom: NETWORK_VOXEL_SIZE_ANGSTROM,
    fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
    tomogramPath: options.tomogramPath,
    restored: adapt,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const { names, labels } = classesOfExamples(boxes.list, boxes.path);
  for (const warning of boxes.warnings) onWarning?.(warning);
  const { particles: contrast } = contrastOfLists(someBoxes(boxes, edge), undefined, { ...options, edge });
  invertBoxes(boxes, edge, contrast);
  const adaptation = adapt ? measureAdaptation(boxes.volumes, edge) : noAdaptation;
  const particles = { volumes: adaptVolumes(boxes.volumes, edge, adaptation), labels, edge };
  const split = splitParticles(particles, { fraction, names, path, random: createRandom(seed).fork("held out") });
  return { names, measured: describeAdaptation(adaptation), contrast: contrastText(contrast), ...split };
}

/**
 * Holds a fraction of each class out, at least one particle while at least two stay to learn from.
 * @throws FormatError when a class has too few particles.
 */
export function splitParticles(
  { volumes, labels, edge }: LabelledVolumes,
  { fraction, names, path, random }: { fraction: number; names: readonly string[]; path: string; random: Random },
): ParticleSplit {
  const [training, heldOutRows]: [number[], number[]] = [[], []];
  const fewest = fraction > 0 ? 3 : 2;
  for (const [label, name] of names.entries()) {
    const rows = Array.from(labels, (_, row) => row).filter((row) => labels[row] === label);
    if (rows.length < fewest)
      throw new FormatError(
        `${rows.length === 1 ? "only one particle is" : `only ${rows.length} particles are`} of class "${name}"`,
        path,
        {
          hint:
            fraction > 0
              ? "Give at least three of each class: two to learn from and one to check with; or --hold-out 0."
              : "Give at least two of each class.",
        },
      );
    const held = fraction > 0 ? Math.max(1, Math.min(rows.length - 2, Math.round(fraction * rows.length))) : 0;
    const chosen = new Set(random.fork(name).sample(rows.length, rows.length).slice(0, held));
    for (const [index, row] of rows.entries()) (chosen.has(index) ? heldOutRows : training).push(row);
  }
  const voxels = edge ** 3;
  const take = (rows: number[]): LabelledVolumes => {
    rows.sort((a, b) => a - b);
    const taken = new Float32Array(rows.length * voxels);
    for (const [i, row] of rows.entries()) taken.set(volumes.subarray(row * voxels, (row + 1) * voxels), i * voxels);
    return { volumes: taken, labels: rows.flatMap((row) => labels[row] ?? []), edge };
  };
  return { training: take(training), heldOut: take(heldOutRows), heldOutRows };
}
