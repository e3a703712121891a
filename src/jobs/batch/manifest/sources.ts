/** What each kind of source says of tomograms. */
import { dirname, join, resolve } from "node:path";
import { FormatError } from "../../../errors.js";
import {
  isFolder,
  isPattern,
  isZarrFolder,
  listedFiles,
  matchingPaths,
  readFileBytes,
  readJson,
} from "../../../files/disk/index.js";
import { locateFromProject, tomogramsStarTable } from "../../../files/particles/index.js";
import { copickTomograms } from "./copick.js";
import { byNumber, type ListedTomogram } from "./listed-tomogram.js";

/** Endings of files that a folder's tomograms have; others are named one by one or by a pattern. */
const TOMOGRAM_ENDING = /\.(mrc|rec|map|ccp4|em|npy|hdf|h5|tiff?)(\.gz)?$|\.zarr$/i;

/** @throws FileError, FormatError. */
export async function filesOf(given: string): Promise<readonly ListedTomogram[]> {
  if (isPattern(given)) return (await matchingPaths(given)).map((path) => plain(path, given));
  if (/\.star$/i.test(given)) return ofStar(given);
  if (/\.(csv|tsv)$/i.test(given)) return ofTable(given);
  if (/\.json$/i.test(given)) return copickTomograms(given, await readJson(given));
  if (!(await isFolder(given)) || (await isZarrFolder(given))) return [plain(given, given)];
  const files = await listedFiles(given);
  if (files.some(({ name, isFolder: folder }) => folder && name === "ExperimentRuns"))
    return copickTomograms(given, undefined);
  const names = files.map(({ name }) => name).filter((name) => TOMOGRAM_ENDING.test(name));
  return names.toSorted(byNumber).map((name) => plain(join(given, name), given));
}

function plain(path: string, source: string): ListedTomogram {
  return { path, name: undefined, voxelSizeAngstrom: undefined, source };
}

/** RELION's tomograms.star. @throws FormatError where it names no reconstructed tomograms. */
async function ofStar(path: string): Promise<ListedTomogram[]> {
  const rows = await tomogramsStarTable(path);
  const tomograms: ListedTomogram[] = [];
  for (const { name, volume, voxelSizeAngstrom } of rows) {
    if (volume === undefined)
      throw new FormatError(`the file names no reconstructed tomogram of ${name}`, path, {
        hint: "Give a tomograms.star with rlnTomoReconstructedTomogram, such as that of RELION's Reconstruct tomograms job.",
      });
    const file = (await locateFromProject(dirname(path), volume)) ?? join(dirname(path), volume);
    tomograms.push({ path: file, name, voxelSizeAngstrom, source: path });
  }
  return tomograms;
}

/** Columns of a table by what they may be called. */
const COLUMNS = {
  path: /^(path|file|tomogram|volume|rlnTomoReconstructedTomogram)$/i,
  name: /^(name|tomo_?name|rlnTomoName|run)$/i,
  voxelSize: /^(voxel_?size|voxel_?size_?angstrom|pixel_?size|apix)$/i,
} as const;

/** A table whose first row names its columns; a list of paths, one a line, has no such row. @throws FileError, FormatError. */
async function ofTable(path: string): Promise<ListedTomogram[]> {
  const text = new TextDecoder().decode(await readFileBytes(path)).replace(/^\ufeff/, "");
  const lines = text.split(/\r?\n/).flatMap((line, i) => (/^\s*(#|$)/.test(line) ? [] : [{ line, number: i + 1 }]));
  const rows = lines.map(({ line, number }) => ({ cells: cellsOf(line), where: `${path}, line ${number}` }));
  const head = rows[0]?.cells ?? [];
  const columnOf = (kind: keyof typeof COLUMNS) => head.findIndex((cell) => COLUMNS[kind].test(cell));
  const [file, name, voxelSize] = [columnOf("path"), columnOf("name"), columnOf("voxelSize")];
  if (file < 0 && head.length > 1)
    throw new FormatError(`no column is called path: there are ${head.join(", ")}`, path, {
      hint: "Call the columns path, name and voxel_size; only the first is needed.",
    });
  return (file < 0 ? rows : rows.slice(1)).map(({ cells, where }) => {
    const given = cells[Math.max(0, file)];
    if (!given) throw new FormatError("the row names no file", where);
    const size = Number(cells[voxelSize] || Number.NaN);
    if (cells[voxelSize] && !(size > 0)) throw new FormatError(`${cells[voxelSize]} is not a voxel size in Å`, where);
    return {
      path: resolvedFrom(path, given),
      name: cells[name] || undefined,
      voxelSizeAngstrom: Number.isNaN(size) ? undefined : size,
      source: path,
    };
  });
}

function cellsOf(line: string): string[] {
  return line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

/** From the table's own folder, as tables travel with their files. */
function resolvedFrom(table: string, name: string): string {
  return resolve(name) === name ? name : join(dirname(table), name);
}
