/** From a particle list to the boxes that the network takes, wherever the voxels lie. */
import { prepareBoxes } from "../../infer/index.js";
import type { ParticleList } from "../../io/index.js";
import { breathe } from "../../progress.js";
import type { Vector3, VoxelGrid } from "../../volume/index.js";
import { createCutter } from "./box-cutter.js";
import { checkList, otherTomogram, readList } from "./box-list.js";
import type { ParticleBoxesOptions } from "./box-options.js";
import { openOwnBoxes } from "./own-box.js";
import { openRestoredBoxes } from "./subtomograms/restored-boxes.js";
import { createWarningCounter } from "./warning-counter.js";

/** A particle's own box, to which its mask is brought back. */
export interface ParticleGrid extends VoxelGrid {
  /** The voxel of the tomogram that came to the box's centre, where the box was cut out of one. */
  readonly centreVoxel?: Vector3;
}

/** A list with the boxes of all its particles. */
export interface ParticleBoxes {
  readonly path: string;
  readonly list: ParticleList;
  /** `[count, edge, edge, edge]`: zero mean, unit variance, protein positive. */
  readonly volumes: Float32Array;
  readonly grids: readonly ParticleGrid[];
  readonly warnings: readonly string[];
}

/**
 * Reads a particle list of any format and the box of each particle: its own subtomogram file (`rlnImageName`), a box or a
 * stack of tilt images whose tomograms.star is at hand, else a box cut at
 * its coordinates out of its tomogram. Boxes come at the network's voxel size, contrast and normalisation.
 * @throws FileError, FormatError for files that are missing or damaged, a particle that has neither image nor coordinates,
 * and when no voxel size is known.
 */
export async function readParticleBoxes(path: string, options: ParticleBoxesOptions): Promise<ParticleBoxes> {
  await using reader = await openParticleBoxes(path, options);
  const { volumes, grids } = await reader.read(0, reader.list.particles.length);
  return { path, list: reader.list, volumes, grids, warnings: reader.warnings() };
}

/** The boxes of a list a few at a time, for lists whose boxes do not fit into memory; `await using` it. */
export interface ParticleBoxReader extends AsyncDisposable {
  readonly path: string;
  readonly list: ParticleList;
  /** The boxes of particles `from` to `to - 1`. @throws as `readParticleBoxes`. */
  read(from: number, to: number): Promise<Pick<ParticleBoxes, "volumes" | "grids">>;
  /** What was odd about all that has been read so far. */
  warnings(): string[];
  /** Closes the tomogram that is open. */
  close(): Promise<void>;
}

/** @throws as `readParticleBoxes`, for the list. */
export async function openParticleBoxes(path: string, options: ParticleBoxesOptions): Promise<ParticleBoxReader> {
  const list = options.list ?? (await readList(path, options));
  const own = await openOwnBoxes(list, path, options);
  checkList(list, path, options, own);
  const { edge, inverted = false, onProgress, signal } = options;
  const total = list.particles.length;
  const doubts = createWarningCounter();
  for (const warning of [...list.warnings, ...otherTomogram(list, path, options)]) doubts.add(warning);
  const isRestored = options.restored && list.particles.some((particle) => own.has(particle));
  const restored = isRestored ? await openRestoredBoxes(list, path, { own, doubts }, options) : undefined;
  const cutter = createCutter(list, path, { ...options, edgeIn: (voxelSize) => cutEdge(options, voxelSize) });
  const close = async () => {
    await cutter.close();
    await restored?.[Symbol.asyncDispose]();
  };
  return {
    path,
    list,
    warnings: () => [...new Set([...doubts.warnings(), ...(restored?.warnings() ?? [])])],
    close,
    [Symbol.asyncDispose]: close,
    async read(from, to) {
      const volumes = new Float32Array((to - from) * edge ** 3);
      const grids: ParticleGrid[] = [];
      for (let index = from; index < to; index++) {
        const particle = list.particles[index]!;
        const where = `${path}, particle ${index + 1}`;
        const { box, centreVoxel = undefined } = own.has(particle)
          ? { box: (await restored?.read(index)) ?? (await own.read(particle, where, doubts)) }
          : await cutter.box(particle, where, doubts);
        const { shape, voxelSizeAngstrom } = box;
        grids.push({ shape, voxelSizeAngstrom, ...(centreVoxel && { centreVoxel }) });
        const isDark = typeof inverted === "boolean" ? inverted : inverted(particle);
        const prepared = prepareBoxes([box], options, { inverted: isDark, nameOf: () => where });
        volumes.set(prepared, (index - from) * edge ** 3);
        onProgress?.({ stage: "reading particles", done: index + 1, total });
        if (index % 16 === 15) await breathe(signal);
      }
      await breathe(signal);
      return { volumes, grids };
    },
  };
}

/** Half a voxel more on each side than the network sees, in the tomogram's own voxels. */
function cutEdge({ edge, voxelSizeAngstrom }: ParticleBoxesOptions, ofTomogram: number): number {
  return 2 * Math.ceil((edge * voxelSizeAngstrom) / ofTomogram / 2) + 2;
}
