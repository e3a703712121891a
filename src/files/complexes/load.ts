import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfigError } from "../../errors.js";
import { overriddenVoxelSize, readStructure, recogniseVolumeFormat } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type Complex, complexFromAtoms, complexFromMap } from "../../simulate/index.js";
import { failing, isZarrFolder, readFileBytes } from "../disk/index.js";
import { readVolumeFile } from "../tomogram/index.js";

const STRUCTURE_OR_MAP = /\.(pdb|ent|cif|mmcif|mrc|map|ccp4|rec)(\.gz)?$/i;
/** Many maps in circulation say 1 Å in their header and the truth in their name. */
const VOXEL_SIZE_IN_NAME = /_(\d+(?:\.\d+)?)A$/;
/** A map of less than this is far more likely to have a wrong voxel size than to be so small. */
const SMALLEST_KILODALTON = 10;

export interface LoadComplexesOptions extends Progress {
  /**
   * Voxel size of all maps. Without it a name that ends in the voxel size, as in `1F4A_10A.mrc`, is believed before
   * the header, because the headers of such maps often say 1 Å.
   */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Called with everything doubtful in a file. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * Every structure (PDB, mmCIF, biological assembly 1) and density map (MRC) in a folder, gzip-compressed or not, as
 * complexes named after their files, in order of name. Other files are passed over; folders within are not entered.
 * @throws FileError when the folder cannot be read, ConfigError when it holds no structure or map, or a map has no
 * voxel size, FormatError when a file cannot be understood.
 */
export async function loadComplexes(folder: string, options: LoadComplexesOptions = {}): Promise<Complex[]> {
  const names = await readdir(folder).catch(failing(folder, "read"));
  const files = names.filter((file) => STRUCTURE_OR_MAP.test(file));
  if (files.length === 0)
    throw new ConfigError("no structure or map found", {
      where: folder,
      hint: "Put PDB (.pdb), mmCIF (.cif) or MRC (.mrc) files there, gzip-compressed or not.",
    });
  const complexes: Complex[] = [];
  for (const [done, file] of files.entries()) {
    options.onProgress?.({ stage: "reading structures", done, total: files.length, note: file });
    await breathe(options.signal);
    complexes.push(await loadComplex(join(folder, file), file.replace(STRUCTURE_OR_MAP, ""), options));
  }
  options.onProgress?.({ stage: "reading structures", done: files.length, total: files.length });
  return complexes.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

/** The complexes of several folders, one folder after the other. @throws as `loadComplexes`. */
export async function loadFolders(folders: readonly string[], options: LoadComplexesOptions): Promise<Complex[]> {
  const complexes: Complex[] = [];
  for (const folder of folders) complexes.push(...(await loadComplexes(folder, options)));
  return complexes;
}

/** One structure or map, under the given name. @throws as `loadComplexes`. */
export async function loadComplex(path: string, name: string, options: LoadComplexesOptions): Promise<Complex> {
  const isZarr = await isZarrFolder(path);
  const bytes = isZarr ? new Uint8Array(0) : await readFileBytes(path);
  if (!isZarr && !recogniseVolumeFormat(bytes, bytes.byteLength)) {
    const structure = readStructure(bytes, { name: path });
    for (const warning of structure.warnings) options.onWarning?.(`${path}: ${warning}`);
    return complexFromAtoms(structure, { name });
  }
  const [suffix, stated] = VOXEL_SIZE_IN_NAME.exec(basename(path).replace(STRUCTURE_OR_MAP, "")) ?? ["", undefined];
  const voxelSizeAngstrom = options.voxelSizeAngstrom ?? (stated === undefined ? undefined : Number(stated));
  const reading = await readVolumeFile(path, { voxelSizeAngstrom });
  const other = overriddenVoxelSize(reading);
  const instead = other === undefined ? [] : [`voxels of ${voxelSizeAngstrom} Å instead of the header's ${other} Å`];
  for (const warning of [...reading.warnings, ...instead]) options.onWarning?.(`${path}: ${warning}`);
  const hint = "Give it with --voxel-size, or let the file's name end in it, as in 1F4A_10A.mrc.";
  if (reading.voxelSizeAngstrom === undefined)
    throw new ConfigError("the map does not state its voxel size", { where: path, hint });
  const complex = complexFromMap(reading.volume, {
    name: name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name,
  });
  if (complex.massKilodalton < SMALLEST_KILODALTON)
    throw new ConfigError(
      `${path}: at ${reading.voxelSizeAngstrom} Å a voxel this is ${complex.massKilodalton.toFixed(1)} kDa; the voxel size must be wrong`,
      { hint },
    );
  return complex;
}
