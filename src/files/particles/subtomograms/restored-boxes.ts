/** Boxes of particles whose Fourier weights are known, contrast transfer divided out. */
import { FormatError } from "../../../errors.js";
import { restoredBox } from "../../../infer/index.js";
import type { ParticleList } from "../../../io/index.js";
import { createVolume, type Volume } from "../../../volume/index.js";
import type { ParticleBoxesOptions } from "../box-options.js";
import type { OwnBoxes } from "../own-box.js";
import { isTiltStack } from "../tilt-stacks.js";
import type { WarningCounter } from "../warning-counter.js";
import { openSubtomograms } from "./open-subtomograms.js";
import { hasWeightFile } from "./weight-file.js";

const RESTORED =
  "Fourier weights of particles are at hand: the network is shown boxes from which contrast transfer is divided out";

/** `await using` it. */
export interface RestoredBoxes extends AsyncDisposable {
  /** Of a particle that has an image of its own; undefined where no weight is at hand. @throws FileError, FormatError that name the particle. */
  read(index: number): Promise<Volume | undefined>;
  /** Where the weights are from, and what was odd about them. */
  warnings(): string[];
}

/**
 * Weights are those of stacks of tilt images, or read from files as `openSubtomograms` finds them. A file that holds no weight of its box
 * is named among the doubts, and the box stays as it is stored.
 */
export async function openRestoredBoxes(
  list: ParticleList,
  path: string,
  { own, doubts }: { readonly own: OwnBoxes; readonly doubts: WarningCounter },
  { fileVoxelSizeAngstrom, tomogramPath }: ParticleBoxesOptions,
): Promise<RestoredBoxes> {
  const reader = await openSubtomograms(path, { list, fileVoxelSizeAngstrom, tomogramPath });
  return {
    warnings: reader.warnings,
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    async read(index) {
      const particle = list.particles[index]!;
      const isStack = own.stacks !== undefined && isTiltStack(list, particle);
      if (!isStack && !(await hasWeightFile(path, particle, doubts))) return undefined;
      try {
        const { subtomogram, voxelSizeAngstrom } = await reader.read(index);
        const { edge } = subtomogram;
        doubts.add(RESTORED);
        return createVolume([edge, edge, edge], voxelSizeAngstrom, restoredBox(subtomogram));
      } catch (error) {
        if (isStack || !(error instanceof FormatError)) throw error;
        doubts.add(`${error.message}: boxes are taken as they are stored`);
        return undefined;
      }
    },
  };
}
