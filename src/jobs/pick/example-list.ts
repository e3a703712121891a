/** The examples that classes are known by: particles of tomograms, particle images, structures and maps. */
import { realpath } from "node:fs/promises";
import { basename } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { loadComplex } from "../../files/complexes/index.js";
import { fileExists } from "../../files/disk/index.js";
import { locate, readParticleBoxes, readParticleListFile } from "../../files/particles/index.js";
import { openTomogramGrid } from "../../files/tomogram/index.js";
import { adaptVolumes, centreBrightness, measureAdaptation } from "../../infer/index.js";
import { classNameOf, exampleClassOf, type Particle, type ParticleList } from "../../io/index.js";
import type { Progress } from "../../progress.js";
import { createRenderer, type ImagingOptions } from "../../simulate/index.js";
import { createRandom, type Vector3 } from "../../volume/index.js";
import { type Contrast, contrastOf, createBoxReader, tomogramAdaptation, tomogramGreys } from "../search/index.js";

/** One example, ready for the network. */
export interface SupportBox {
  readonly className: string;
  /** Zero mean, unit variance, protein positive. */
  readonly volume: Float32Array;
  /** Which particle of which file, for the report. */
  readonly source: string;
  /** Where it was cut, when it was. */
  readonly tomogramPath?: string;
  readonly positionAngstrom?: Vector3;
}

export interface ReadSupportsOptions extends Progress {
  /** Edge and voxel size of the network's boxes. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** Protein is dark; undefined lets the examples and the tomogram decide. */
  readonly dark?: boolean | undefined;
  /** Tomograms that are searched: names in lists may mean them. */
  readonly tomogramPaths: readonly string[];
  /** The tomogram of lists that name none. */
  readonly supportTomogramPath?: string | undefined;
  /** How structures and maps are imaged. */
  readonly imaging: Partial<ImagingOptions>;
  readonly seed: number;
  /** A folder for each tomogram that has to be resampled. */
  readonly workFolderOf: (tomogramPath: string) => Promise<string>;
  /** As `PickOptions.adapt`. */
  readonly adapt: boolean;
  /** Examples need not say of which class they are. */
  readonly anyClass?: boolean;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export interface SupportBoxes {
  readonly boxes: readonly SupportBox[];
  /** The contrast of every tomogram that examples were cut from, by its real path. */
  readonly contrasts: ReadonlyMap<string, Contrast>;
}

/** Poses in which a structure or map is drawn: enough for a prototype that does not depend on their choice. */
const POSES = 24;

/**
 * Reads `NAME=FILE` (a structure or map, drawn noise-free in random poses under the tomogram's own missing wedge and
 * contrast transfer) or a particle list of any format.
 * @throws FileError, FormatError, ConfigError, AbortError.
 */
export async function readSupports(given: readonly string[], options: ReadSupportsOptions): Promise<SupportBoxes> {
  const boxes: SupportBox[] = [];
  const contrasts = new Map<string, Contrast>();
  for (const argument of given) {
    const equals = argument.indexOf("=");
    const isList = equals < 0 || (await fileExists(argument));
    if (isList) boxes.push(...(await fromList(argument, contrasts, options)));
    else boxes.push(...(await fromStructure(argument.slice(0, equals), argument.slice(equals + 1), options)));
  }
  return { boxes, contrasts };
}

async function fromStructure(name: string, path: string, options: ReadSupportsOptions): Promise<SupportBox[]> {
  if (name.trim() === "" || path === "")
    throw new ConfigError(`${name}=${path} is neither a list nor NAME=FILE`, {
      hint: "Give a structure or map with the class's name, such as --supports ribosome=4V4Q.cif.",
    });
  const { onWarning, onProgress, signal, edge, voxelSizeAngstrom, seed } = options;
  const complex = await loadComplex(path, name, { onWarning, onProgress, signal });
  const renderer = createRenderer({ ...options.imaging, boxSize: edge, voxelSizeAngstrom });
  const random = createRandom(seed).fork("support", name);
  return Array.from({ length: POSES }, (_, pose) => ({
    className: name,
    volume: renderer.render(complex, { random: random.fork("pose", pose), snr: Number.POSITIVE_INFINITY }).volume,
    source: `${basename(path)}, pose ${pose + 1}`,
  }));
}

async function fromList(
  path: string,
  contrasts: Map<string, Contrast>,
  options: ReadSupportsOptions,
): Promise<SupportBox[]> {
  const list = await readListOf(path, options);
  const { particles } = list;
  if (particles.length === 0)
    throw new FormatError("the list of examples is empty", path, { hint: "Give at least one example of a class." });
  for (const warning of list.warnings) options.onWarning?.(`${path}: ${warning}`);
  const names = particles.map((particle, index) =>
    options.anyClass
      ? (classNameOf(particle) ?? "negative")
      : exampleClassOf(particle, `${path}, particle ${index + 1}`),
  );
  if (particles.every(({ positionAngstrom }) => positionAngstrom === undefined))
    return fromImages(path, names, options);
  const groups = new Map<string, number[]>();
  for (const [index, particle] of particles.entries()) {
    const tomogram = await tomogramOf(particle, path, options);
    groups.set(tomogram, [...(groups.get(tomogram) ?? []), index]);
  }
  const boxes: (SupportBox | undefined)[] = particles.map(() => undefined);
  for (const [tomogram, indices] of groups)
    for (const [i, box] of (await cutFrom(tomogram, { path, list, indices, names }, contrasts, options)).entries())
      boxes[indices[i]!] = box;
  return boxes.filter((box) => box !== undefined);
}

async function readListOf(path: string, options: ReadSupportsOptions): Promise<ParticleList> {
  const { fileVoxelSizeAngstrom: voxelSizeAngstrom } = options;
  const tomogram = options.supportTomogramPath ?? options.tomogramPaths[0];
  const isMrc = tomogram !== undefined && /\.(mrc|rec|map)$/i.test(tomogram);
  const { list } = await readParticleListFile(path, {
    voxelSizeAngstrom,
    ...(isMrc && { tomogram, tomogramVoxelSizeAngstrom: voxelSizeAngstrom }),
  });
  return list;
}

async function fromImages(path: string, names: readonly string[], options: ReadSupportsOptions): Promise<SupportBox[]> {
  const { edge, voxelSizeAngstrom, fileVoxelSizeAngstrom, signal, onProgress } = options;
  const reading = { edge, voxelSizeAngstrom, fileVoxelSizeAngstrom, signal, onProgress };
  const { volumes, warnings } = await readParticleBoxes(path, reading);
  for (const warning of warnings) options.onWarning?.(warning);
  const dark = options.dark ?? centreBrightness(volumes, edge) < 0;
  if (dark) for (let i = 0; i < volumes.length; i++) volumes[i] = -volumes[i]!;
  const adapted = options.adapt ? adaptVolumes(volumes, edge, measureAdaptation(volumes, edge)) : volumes;
  return names.map((className, i) => ({
    className,
    volume: adapted.subarray(i * edge ** 3, (i + 1) * edge ** 3),
    source: `${basename(path)}, particle ${i + 1}`,
  }));
}

/** The file that an example's position refers to. */
async function tomogramOf(
  { tomogramName }: Particle,
  listPath: string,
  { tomogramPaths, supportTomogramPath }: ReadSupportsOptions,
): Promise<string> {
  if (supportTomogramPath !== undefined) return supportTomogramPath;
  if (tomogramName !== undefined) {
    const path = await locate(listPath, tomogramName);
    if (await fileExists(path)) return path;
    const same = tomogramPaths.filter((other) => stem(other) === stem(tomogramName));
    if (same.length === 1) return same[0]!;
  }
  if (tomogramPaths.length === 1) return tomogramPaths[0]!;
  throw new ConfigError(
    `${listPath}: ${tomogramName === undefined ? "the examples name no tomogram" : `there is no tomogram ${tomogramName}`}, and ${tomogramPaths.length} are searched`,
    { hint: "Say which tomogram the examples are in: --support-tomogram FILE." },
  );
}

function stem(path: string): string {
  return basename(path).replace(/(\.(mrc|rec|map|em|npy|gz))+$/i, "");
}

async function cutFrom(
  tomogramPath: string,
  {
    path,
    list,
    indices,
    names,
  }: { path: string; list: ParticleList; indices: readonly number[]; names: readonly string[] },
  contrasts: Map<string, Contrast>,
  options: ReadSupportsOptions,
): Promise<SupportBox[]> {
  const { edge, voxelSizeAngstrom, fileVoxelSizeAngstrom, signal, onProgress } = options;
  const workFolder = await options.workFolderOf(tomogramPath);
  const opening = { voxelSizeAngstrom, fileVoxelSizeAngstrom, workFolder, signal, onProgress };
  const grid = await openTomogramGrid(tomogramPath, opening);
  try {
    const greys = await tomogramGreys(grid, signal);
    const scale = { mean: greys.mean, scale: greys.deviation > 0 ? 1 / greys.deviation : 0 };
    const readBox = createBoxReader(grid, scale, edge);
    const volumes = new Float32Array(indices.length * edge ** 3);
    const positions: Vector3[] = [];
    for (const [i, index] of indices.entries()) {
      const position = fromFirstVoxel(
        list,
        list.particles[index]!,
        `${path}, particle ${index + 1}`,
        grid.sizeAngstrom,
      );
      const { x, y, z } = grid.sizeAngstrom;
      const outside = position.x < 0 || position.y < 0 || position.z < 0;
      if (outside || position.x > x || position.y > y || position.z > z)
        throw new FormatError(`the example lies outside ${tomogramPath}`, `${path}, particle ${index + 1}`, {
          hint: "Check the coordinates' unit and the voxel size (--voxel-size).",
        });
      positions.push(position);
      volumes.set(await readBox(position), i * edge ** 3);
    }
    const contrast = contrastOf(options.dark, greys, centreBrightness(volumes, edge));
    contrasts.set(await realpath(tomogramPath), contrast);
    if (contrast.dark) for (let i = 0; i < volumes.length; i++) volumes[i] = -volumes[i]!;
    const adapted = options.adapt
      ? adaptVolumes(volumes, edge, await tomogramAdaptation(grid, scale, signal))
      : volumes;
    return indices.map((index, i) => ({
      className: names[index]!,
      volume: adapted.subarray(i * edge ** 3, (i + 1) * edge ** 3),
      source: `${basename(path)}, particle ${index + 1}`,
      tomogramPath,
      positionAngstrom: positions[i]!,
    }));
  } finally {
    await grid.close();
  }
}

function fromFirstVoxel(
  { origin }: ParticleList,
  { positionAngstrom }: Particle,
  where: string,
  size: Vector3,
): Vector3 {
  if (!positionAngstrom || !Object.values(positionAngstrom).every(Number.isFinite))
    throw new FormatError("the example has no position, and others of the list have", where, {
      hint: "Give examples with coordinates and examples with images in lists of their own.",
    });
  if (origin === "first-voxel") return positionAngstrom;
  const { x, y, z } = positionAngstrom;
  return { x: x + size.x / 2, y: y + size.y / 2, z: z + size.z / 2 };
}
