/** From a particle list to the boxes that the network takes, wherever the voxels lie. */
import { basename } from "node:path";
import { FileError, FormatError } from "../../errors.js";
import { prepareBoxes } from "../../infer/index.js";
import {
  commonFact,
  hasImageStack,
  IMAGE_STACK_HINT,
  overriddenVoxelSize,
  type Particle,
  type ParticleList,
  pairTomograms,
  readBox,
  statedVoxelSize,
} from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Vector3, Volume, VoxelGrid } from "../../volume/index.js";
import { fileExists } from "../disk/index.js";
import { openTomogram, readVolumeFile, type StatedVoxelSize, surveyed, type Tomogram } from "../tomogram/index.js";
import { locate } from "./linked-files.js";
import { readParticleListFile } from "./list-file.js";
import { createTomogramLocator } from "./tomograms-star.js";

/** How boxes are cut and brought to what the network takes. */
export interface ParticleBoxesOptions extends Progress {
  /** The list at the path, where it has been read already. */
  readonly list?: ParticleList | undefined;
  /** Edge and voxel size of what the network takes. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Voxel size of the particles' own files, when the list and the headers do not say it or are wrong. */
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** What another list says of the tomogram, where this one does not. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** Protein is dark in the files, in those of all particles or of each. */
  readonly inverted?: boolean | ((particle: Particle) => boolean);
  /** The tomogram that coordinates without a tomogram name refer to. */
  readonly tomogramPath?: string | undefined;
  /** Cut boxes out of the tomogram even for particles that have image files of their own. */
  readonly alwaysCut?: boolean;
  /** Highest fraction of a box, 0 to 1, that may lie outside the tomogram. */
  readonly highestOutsideFraction?: number;
}

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
 * Reads a particle list of any format and the box of each particle: its own subtomogram file (`rlnImageName`), else a box cut at
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
  checkList(list, path, options);
  const { edge, inverted = false, onProgress, signal, alwaysCut = false } = options;
  const total = list.particles.length;
  const doubts = createWarningCounter();
  for (const warning of [...list.warnings, ...otherTomogram(list, path, options)]) doubts.add(warning);
  const cutter = createCutter(list, path, options);
  return {
    path,
    list,
    warnings: doubts.warnings,
    close: cutter.close,
    [Symbol.asyncDispose]: cutter.close,
    async read(from, to) {
      const volumes = new Float32Array((to - from) * edge ** 3);
      const grids: ParticleGrid[] = [];
      for (let index = from; index < to; index++) {
        const particle = list.particles[index]!;
        const where = `${path}, particle ${index + 1}`;
        const own = !alwaysCut && hasOwnBox(list, particle);
        const { box, centreVoxel = undefined } = own
          ? { box: await readOwnBox(particle, where, { path, options, doubts }) }
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

/**
 * The list as it will be written back: RELION 5's positions stay counted from the centre, and a list whose positions do not count
 * in pixels gets those of its tomogram, because RELION's older lists do.
 */
async function readList(path: string, options: ParticleBoxesOptions): Promise<ParticleList> {
  const { tomogramPath: tomogram, fileVoxelSizeAngstrom: voxelSizeAngstrom } = options;
  const listed = options.listedVoxelSize?.angstrom;
  const { list } = await readParticleListFile(path, {
    voxelSizeAngstrom,
    tomogramWhereNeeded: true,
    ...(tomogram !== undefined && { tomogram, tomogramVoxelSizeAngstrom: voxelSizeAngstrom ?? listed }),
  });
  const placed = list.particles.find(({ positionAngstrom }) => positionAngstrom !== undefined);
  if (!placed || list.origin === "tomogram-centre" || list.coordinatePixelSizeAngstrom !== undefined) return list;
  const named = list.particles.find(({ tomogramName }) => tomogramName !== undefined)?.tomogramName;
  const first = tomogram ?? (named === undefined ? undefined : await createTomogramLocator(path)(named));
  if (first === undefined || !(await fileExists(first))) return list; // which the cutting of boxes will explain
  const listedVoxelSize = listedVoxelSizeOf(placed, path, options);
  await using opened = await openTomogram(first, { voxelSizeAngstrom, listedVoxelSize, isSpecimen: true });
  return { ...list, coordinatePixelSizeAngstrom: opened.voxelSizeAngstrom };
}

/** What all particles of a list say of their tomogram's voxels. @throws FormatError for an impossible size. */
export function listedVoxelSize(list: ParticleList, path: string): StatedVoxelSize | undefined {
  const angstrom = commonFact(list.particles, path, statedVoxelSize);
  return angstrom === undefined ? undefined : { angstrom, by: basename(path) };
}

/** What the particle's own list, else another one says of its tomogram's voxels. */
function listedVoxelSizeOf(particle: Particle, listPath: string, { listedVoxelSize }: ParticleBoxesOptions) {
  const angstrom = statedVoxelSize(particle, listPath);
  return angstrom === undefined ? listedVoxelSize : { angstrom, by: basename(listPath) };
}

/** @throws FormatError for a list without particles, or one of several tomograms where one tomogram is given. */
function checkList(list: ParticleList, path: string, { tomogramPath, alwaysCut }: ParticleBoxesOptions): void {
  if (list.particles.length === 0)
    throw new FormatError("the particle list is empty", path, { hint: "Give a list with at least one particle." });
  const tomograms = new Set(list.particles.map(({ tomogramName }) => tomogramName));
  const cuts = alwaysCut || list.particles.some((particle) => !hasOwnBox(list, particle));
  if (tomogramPath && tomograms.size > 1 && cuts)
    throw new FormatError(`the particles are of ${tomograms.size} tomograms, and --tomogram is one`, path, {
      hint: "Give the particles of one tomogram, or let _rlnTomoName hold the paths of the tomograms.",
    });
}

/** What is to be said where a list names another tomogram than the one that is given; numbers say little. */
function otherTomogram({ particles }: ParticleList, path: string, { tomogramPath }: ParticleBoxesOptions): string[] {
  const named = particles[0]?.tomogramName;
  if (tomogramPath === undefined || named === undefined || /^\d+$/.test(named)) return [];
  if (pairTomograms([named], [tomogramPath]).has(named)) return [];
  return [`${path} is of tomogram ${named}; its positions were taken to be in ${tomogramPath}`];
}

function hasOwnBox(list: ParticleList, particle: Particle): boolean {
  return particle.imageName !== undefined && !(particle.positionAngstrom && hasImageStack(list, particle));
}

/** Counts what is said of many files alike, so that ten thousand particles do not give ten thousand lines. */
function createWarningCounter() {
  const files = new Map<string, Map<string, string>>();
  return {
    /** @param reason what the file was read for: read again for the same, it does not count again. */
    add(warning: string, path?: string, reason = path): void {
      const known = files.get(warning) ?? new Map<string, string>();
      if (path !== undefined && reason !== undefined) known.set(reason, path);
      files.set(warning, known);
    },
    warnings: (): string[] =>
      [...files].map(([warning, paths]) => {
        const [first] = paths.values();
        if (first === undefined) return warning;
        return paths.size === 1 ? `${first}: ${warning}` : `${warning} (${paths.size} files, the first is ${first})`;
      }),
  };
}

async function readOwnBox(
  particle: Particle,
  where: string,
  { path: listPath, options, doubts }: { path: string; options: ParticleBoxesOptions; doubts: WarningCounter },
): Promise<Volume> {
  const name = particle.imageName!;
  if (/^\d+@/.test(name))
    throw new FormatError(`its image ${name} is a slice of a 2-D stack, not a box`, where, {
      hint: IMAGE_STACK_HINT,
    });
  const path = await locate(listPath, name);
  const voxelSizeAngstrom = options.fileVoxelSizeAngstrom ?? particle.imageVoxelSizeAngstrom;
  const reading = await readVolumeFile(path, { voxelSizeAngstrom }).catch((error) => {
    throw ofParticle(error, where);
  });
  if (reading.imageStack || reading.volume.shape.some((edge) => edge === 1))
    throw new FormatError(`its image ${path} is a stack of 2-D images, not a box`, where, {
      hint: IMAGE_STACK_HINT,
    });
  for (const warning of reading.warnings) doubts.add(warning, path, where);
  const stated = overriddenVoxelSize(reading);
  if (stated !== undefined)
    doubts.add(`the header's voxel size of ${stated} Å is overridden by ${reading.voxelSizeAngstrom}`, path, where);
  if (reading.voxelSizeAngstrom === undefined)
    throw new FormatError("neither the list nor the file states a voxel size", path, {
      hint: "Give it with --voxel-size.",
    });
  return reading.volume;
}

type WarningCounter = ReturnType<typeof createWarningCounter>;

/** The same error, which also says whose file it is about. */
function ofParticle(error: unknown, where: string): unknown {
  if (!(error instanceof FileError || error instanceof FormatError)) return error;
  const hint = `It belongs to ${where}.${error.hint ? ` ${error.hint}` : ""}`;
  const Same = error instanceof FileError ? FileError : FormatError;
  return new Same(error.reason, error.where, { cause: error, hint });
}

/** Cuts boxes out of tomograms, keeping one open at a time. */
function createCutter(list: ParticleList, listPath: string, options: ParticleBoxesOptions) {
  const { highestOutsideFraction = 0.5 } = options;
  const percent = highestOutsideFraction === 0.5 ? "half" : `${Math.round(100 * highestOutsideFraction)} %`;
  const tomogramOf = createTomogramLocator(listPath);
  let open: Tomogram | undefined;
  /** Tomograms whose voxels have been looked at. */
  const known = new Set<string>();
  const close = async (): Promise<void> => {
    await open?.[Symbol.asyncDispose]();
    open = undefined;
  };
  return {
    close,
    async box(particle: Particle, where: string, doubts: WarningCounter) {
      const name = options.tomogramPath ?? particle.tomogramName;
      if (particle.positionAngstrom === undefined || name === undefined)
        throw new FormatError("there is neither an image (rlnImageName) nor a position in a tomogram", where, {
          hint: "Add rlnImageName, or coordinates and --tomogram FILE.",
        });
      const path = options.tomogramPath ?? (await tomogramOf(name));
      if (open?.path !== path) {
        if (hasImageStack(list, particle) && !(await fileExists(path)))
          throw new FormatError(
            `its image ${particle.imageName} is a stack of 2-D images, not a box, and there is no tomogram ${path}`,
            where,
            { hint: IMAGE_STACK_HINT },
          );
        await close();
        open = await openTomogram(path, {
          voxelSizeAngstrom: options.fileVoxelSizeAngstrom,
          listedVoxelSize: listedVoxelSizeOf(particle, listPath, options),
          isSpecimen: true,
        }).catch((error) => {
          throw options.tomogramPath === undefined ? ofParticle(error, `${where}; --tomogram gives another`) : error;
        });
        if (!known.has(path)) {
          open = await surveyed(open, options);
          for (const warning of open.warnings) doubts.add(warning, path);
          known.add(path);
        }
      }
      const { voxelSizeAngstrom, sizeAngstrom } = open;
      const { x, y, z } = particle.positionAngstrom;
      const position =
        list.origin === "tomogram-centre" // as RELION 5 counts: from half of its size
          ? { x: x + sizeAngstrom.x / 2, y: y + sizeAngstrom.y / 2, z: z + sizeAngstrom.z / 2 }
          : { x, y, z };
      // Half a voxel more on each side than the network sees, in the tomogram's own voxels.
      const boxSize = 2 * Math.ceil((options.edge * options.voxelSizeAngstrom) / voxelSizeAngstrom / 2) + 2;
      if (boxSize > LARGEST_BOX_VOXELS)
        throw new FormatError(`voxels of ${voxelSizeAngstrom} Å would need boxes of ${boxSize} voxels`, path, {
          hint: "Check the voxel size (--voxel-size), or bin the tomogram.",
        });
      const { volume, centreVoxel, outsideFraction } = await readBox(open, position, boxSize);
      if (outsideFraction > highestOutsideFraction)
        throw new FormatError(`more than ${percent} of its box lies outside ${path}`, where, {
          hint: "Check the coordinates' unit and the voxel size (--voxel-size).",
        });
      if (outsideFraction > 0)
        doubts.add("some boxes reach beyond their tomogram; they are filled up with the box's mean");
      return { box: volume, centreVoxel };
    },
  };
}

/** 512 MB as float32, or a particle of 0.6 Å voxels: more is a wrong voxel size. */
const LARGEST_BOX_VOXELS = 512;
