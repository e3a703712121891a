/** From a particle list to the boxes that the network takes, wherever the voxels lie. */
import { dirname, isAbsolute, join } from "node:path";
import { ConfigError, FormatError } from "../errors.js";
import { type Particle, type ParticleList, readMrc, readMrcBoxes, readParticles } from "../io/index.js";
import { meanAndDeviation, normaliseInPlace, rescaleFourier, type Volume } from "../volume/index.js";
import { fileExists, openRandomAccess, readFileBytes } from "./files.js";
import { breathe, type Progress } from "./progress.js";

export interface ParticleBoxesOptions extends Progress {
  /** Edge and voxel size of what the network takes. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Voxel size of the particles' own files, when the list and the headers do not say it or are wrong. */
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** Protein is dark in the files. */
  readonly inverted?: boolean;
  /** The tomogram that coordinates without a tomogram name refer to. */
  readonly tomogramPath?: string | undefined;
}

export interface ParticleBoxes {
  readonly path: string;
  readonly list: ParticleList;
  /** `[count, edge, edge, edge]`: zero mean, unit variance, protein positive. */
  readonly volumes: Float32Array;
  /** Shape and voxel size of each particle's own box, to which masks are brought back. */
  readonly grids: readonly Pick<Volume, "shape" | "voxelSizeAngstrom">[];
  readonly warnings: readonly string[];
}

/**
 * Reads a particle list (STAR) and the box of each particle: its own subtomogram file (`rlnImageName`), else a box cut at
 * its coordinates out of its tomogram. Boxes come at the network's voxel size, contrast and normalisation.
 * @throws FileError, FormatError for files that are missing or damaged; ConfigError when a particle has neither image nor
 * coordinates, or no voxel size is known.
 */
export async function readParticleBoxes(path: string, options: ParticleBoxesOptions): Promise<ParticleBoxes> {
  const text = new TextDecoder().decode(await readFileBytes(path));
  const list = readParticles(text, { name: path, coordinatePixelSizeAngstrom: options.fileVoxelSizeAngstrom });
  const { particles } = list;
  if (particles.length === 0)
    throw new FormatError("the particle list is empty", path, { hint: "Give a list with at least one particle." });
  const { edge, onProgress, signal } = options;
  const voxels = edge ** 3;
  const volumes = new Float32Array(particles.length * voxels);
  const grids: ParticleBoxes["grids"][number][] = [];
  const warnings = [...list.warnings];
  const cut = createCutter(path, options);
  try {
    for (const [index, particle] of particles.entries()) {
      const where = `${path}, particle ${index + 1}`;
      const box = particle.imageName
        ? await readOwnBox(path, particle, options, warnings)
        : await cut.box(particle, where, warnings);
      grids.push({ shape: box.shape, voxelSizeAngstrom: box.voxelSizeAngstrom });
      volumes.set(prepare(box, where, options), index * voxels);
      onProgress?.({ stage: "reading particles", done: index + 1, total: particles.length });
      if (index % 16 === 15) await breathe(signal);
    }
  } finally {
    await cut.close();
  }
  return { path, list, volumes, grids, warnings: [...new Set(warnings)] };
}

/** The same box at the network's edge and voxel size, zero mean and unit variance. */
function prepare(
  box: Volume,
  where: string,
  { edge, voxelSizeAngstrom, inverted }: ParticleBoxesOptions,
): Float32Array {
  if (box.data.some((value) => !Number.isFinite(value)))
    throw new FormatError("the box holds values that are not numbers", where, {
      hint: "Remove the particle, or write the volume anew without NaN or infinity.",
    });
  const same = box.shape.every((n) => n === edge) && Math.abs(box.voxelSizeAngstrom / voxelSizeAngstrom - 1) < 1e-3;
  const scaled = same ? box.data.slice() : rescaleFourier(box, { voxelSizeAngstrom, shape: [edge, edge, edge] }).data;
  if (inverted) for (let i = 0; i < scaled.length; i++) scaled[i] = -scaled[i]!;
  if (meanAndDeviation(scaled).deviation === 0)
    throw new FormatError("the box is the same value everywhere", where, {
      hint: "Check the coordinates: the particle may lie outside the tomogram.",
    });
  normaliseInPlace(scaled);
  return scaled;
}

async function readOwnBox(
  listPath: string,
  particle: Particle,
  { fileVoxelSizeAngstrom }: ParticleBoxesOptions,
  warnings: string[],
): Promise<Volume> {
  const path = await locate(listPath, particle.imageName!);
  const stated = fileVoxelSizeAngstrom ?? particle.imageVoxelSizeAngstrom;
  const reading = readMrc(await readFileBytes(path), { name: path, voxelSizeAngstrom: stated });
  for (const warning of reading.warnings) warnings.push(`${path}: ${warning}`);
  if (reading.voxelSizeAngstrom === undefined)
    throw new ConfigError(`${path}: neither the list nor the file states a voxel size`, {
      hint: "Give it with --voxel-size.",
    });
  return reading.volume;
}

/** RELION writes paths from the project's folder; lists that travel with their files, from the list's own. */
async function locate(listPath: string, name: string): Promise<string> {
  if (isAbsolute(name)) return name;
  const beside = join(dirname(listPath), name);
  return (await fileExists(beside)) || !(await fileExists(name)) ? beside : name;
}

/** Cuts boxes out of tomograms, keeping one open at a time. */
function createCutter(listPath: string, options: ParticleBoxesOptions) {
  let open: { path: string; source: Awaited<ReturnType<typeof openRandomAccess>> } | undefined;
  const close = async (): Promise<void> => {
    await open?.source.close();
    open = undefined;
  };
  return {
    close,
    async box(particle: Particle, where: string, warnings: string[]): Promise<Volume> {
      const name = options.tomogramPath ?? particle.tomogramName;
      if (particle.positionAngstrom === undefined || name === undefined)
        throw new ConfigError(`${where}: there is neither an image (rlnImageName) nor a position in a tomogram`, {
          hint: "Add rlnImageName, or coordinates and --tomogram FILE.",
        });
      const path = options.tomogramPath ?? (await locate(listPath, name));
      if (open?.path !== path) {
        await close();
        open = { path, source: await openRandomAccess(path) };
      }
      const voxelSize = options.fileVoxelSizeAngstrom;
      // Half a voxel more on each side than the network sees, in the tomogram's own voxels.
      const probe = readMrcBoxes(open.source, {
        positionsAngstrom: [particle.positionAngstrom],
        boxSize: 2,
        name: path,
        ...(voxelSize === undefined ? {} : { voxelSizeAngstrom: voxelSize }),
      });
      const { value } = await probe.next();
      const fileVoxel = (value as { volume: Volume }).volume.voxelSizeAngstrom;
      const boxSize = 2 * Math.ceil((options.edge * options.voxelSizeAngstrom) / fileVoxel / 2) + 2;
      for await (const { volume, outsideFraction } of readMrcBoxes(open.source, {
        positionsAngstrom: [particle.positionAngstrom],
        boxSize,
        name: path,
        voxelSizeAngstrom: fileVoxel,
      })) {
        if (outsideFraction > 0.5)
          throw new ConfigError(`${where}: more than half of its box lies outside ${path}`, {
            hint: "Check the coordinates' unit and the voxel size (--voxel-size).",
          });
        if (outsideFraction > 0)
          warnings.push("some boxes reach beyond their tomogram; they are filled up with the box's mean");
        return volume;
      }
      throw new ConfigError(`${where}: no box could be cut out of ${path}`);
    },
  };
}
