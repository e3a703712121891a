import { FormatError } from "../../errors.js";
import type { LabelledVolumes } from "../../train/index.js";
import type { Random } from "../../volume/index.js";

/** A user's labelled particles: those to learn from, and those held out of each class. */
export interface ParticleSplit {
  readonly training: LabelledVolumes;
  readonly heldOut: LabelledVolumes;
  /** Row of the list, from 0, of each particle held out. */
  readonly heldOutRows: readonly number[];
}

/**
 * Holds a share of each class out, at least one particle while at least two stay to learn from.
 * @throws FormatError when a class has too few particles.
 */
export function splitParticles(
  { volumes, labels, edge }: LabelledVolumes,
  { share, names, path, random }: { share: number; names: readonly string[]; path: string; random: Random },
): ParticleSplit {
  const [training, heldOutRows]: [number[], number[]] = [[], []];
  const fewest = share > 0 ? 3 : 2;
  for (const [label, name] of names.entries()) {
    const rows = Array.from(labels, (_, row) => row).filter((row) => labels[row] === label);
    if (rows.length < fewest)
      throw new FormatError(
        `${rows.length === 1 ? "only one particle is" : `only ${rows.length} particles are`} of class "${name}"`,
        path,
        {
          hint:
            share > 0
              ? "Give at least three of each class: two to learn from and one to check with; or --hold-out 0."
              : "Give at least two of each class.",
        },
      );
    const held = share > 0 ? Math.max(1, Math.min(rows.length - 2, Math.round(share * rows.length))) : 0;
    const order = random.fork(name).sample(rows.length, rows.length);
    for (const [place, index] of order.entries()) (place < held ? heldOutRows : training).push(rows[index]!);
  }
  const take = (rows: readonly number[]): LabelledVolumes => {
    const voxels = edge ** 3;
    const taken = new Float32Array(rows.length * voxels);
    for (const [i, row] of rows.entries()) taken.set(volumes.subarray(row * voxels, (row + 1) * voxels), i * voxels);
    return { volumes: taken, labels: rows.map((row) => labels[row]!), edge };
  };
  heldOutRows.sort((a, b) => a - b);
  training.sort((a, b) => a - b);
  return { training: take(training), heldOut: take(heldOutRows), heldOutRows };
}
