/** RELION's tomograms.star, where it lies beside a list or an optimisation set beside the list names it. */
import { dirname, join } from "node:path";
import { FormatError } from "../../errors.js";
import { parseStar, readTomogramSizes, type StarDocument, tomogramNameOf } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";
import { locate, locateFromProject } from "./linked-files.js";

/** What a tomograms.star says of the tomograms, by their own names ("TS_01"). */
export interface TomogramsStar {
  readonly path: string;
  /** Edge lengths; undefined where the file states none. */
  readonly sizesAngstrom: ReadonlyMap<string, Vector3> | undefined;
  /** Files of the reconstructed tomograms, as the file names them. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Why sizes are not known, in words. */
  readonly warnings: readonly string[];
}

/** The tomograms.star that belongs to a list; undefined where there is none. @throws FileError, FormatError for a damaged one. */
export async function tomogramsStarOf(listPath: string): Promise<TomogramsStar | undefined> {
  const path = await tomogramsStarPath(listPath);
  if (path === undefined) return undefined;
  const document = await readStarFile(path);
  const volumes = new Map<string, string>();
  const table = document.blocks.find(({ name }) => name === "global")?.tables[0];
  const files = table?.columns.get("rlnTomoReconstructedTomogram");
  for (const [row, name] of (table?.columns.get("rlnTomoName") ?? []).entries())
    if (files?.[row]) volumes.set(tomogramNameOf(name), files[row]!);
  try {
    return { path, sizesAngstrom: readTomogramSizes(document, { name: path }), volumes, warnings: [] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { path, sizesAngstrom: undefined, volumes, warnings: [`no sizes are taken from ${error.message}`] };
  }
}

/**
 * The rows of a tomograms.star: what each tomogram is called, its reconstructed volume as the file names it, and that one's voxel
 * size. @throws FileError, FormatError without a table of tomograms.
 */
export async function tomogramsStarTable(path: string): Promise<
  {
    readonly name: string;
    readonly volume: string | undefined;
    readonly voxelSizeAngstrom: number | undefined;
  }[]
> {
  const document = await readStarFile(path);
  const table = document.blocks.flatMap(({ tables }) => tables).find(({ columns }) => columns.has("rlnTomoName"));
  if (!table)
    throw new FormatError("not a list of tomograms: no table has the column rlnTomoName", path, {
      hint: "A list of particles is given with --examples.",
    });
  const numberAt = (column: string, row: number) => Number(table.columns.get(column)?.[row] ?? Number.NaN);
  return [...(table.columns.get("rlnTomoName") ?? [])].map((name, row) => {
    const size = numberAt("rlnTomoTiltSeriesPixelSize", row) * numberAt("rlnTomoTomogramBinning", row);
    return {
      name: tomogramNameOf(name),
      volume: table.columns.get("rlnTomoReconstructedTomogram")?.[row] || undefined,
      voxelSizeAngstrom: size > 0 ? size : undefined,
    };
  });
}

/**
 * Finds tomograms by the names that a list has for them: files of that name beside the list or in the project's folder, else
 * what the list's tomograms.star names (`rlnTomoReconstructedTomogram`). A name of nothing stays the path beside the list.
 */
export function createTomogramLocator(listPath: string): (name: string) => Promise<string> {
  const known = new Map<string, string>();
  let star: Promise<TomogramsStar | undefined> | undefined;
  return async (name) => {
    const path = known.get(name) ?? (await locate(listPath, name));
    if (known.has(name) || (await fileExists(path))) return path;
    star ??= tomogramsStarOf(listPath);
    const { volumes, path: starPath = listPath } = (await star) ?? {};
    const file = volumes?.get(tomogramNameOf(name));
    const found = file === undefined ? undefined : await locateFromProject(dirname(starPath), file);
    known.set(name, found ?? path);
    return found ?? path;
  };
}

/** The tomograms.star of a list: beside it, or named by an optimisation set that is beside it or the list itself. */
export async function tomogramsStarPath(listPath: string): Promise<string | undefined> {
  const folder = dirname(listPath);
  const ownName = listPath.replace(/\.star$/i, "");
  for (const beside of [`${ownName}_tomograms.star`, join(folder, "tomograms.star")])
    if (await fileExists(beside)) return beside;
  for (const set of [listPath, `${ownName}_optimisation_set.star`, join(folder, "optimisation_set.star")]) {
    const name = (await optimisationSetOf(set))?.tomograms;
    if (name !== undefined) return locateFromProject(folder, name);
  }
  return undefined;
}

/** The files that an optimisation set of RELION names; undefined where the file is none. @throws FileError, FormatError */
export async function optimisationSetOf(
  path: string,
): Promise<{ readonly particles?: string | undefined; readonly tomograms?: string | undefined } | undefined> {
  if (!/\.star$/i.test(path) || !(await fileExists(path))) return undefined;
  const bytes = await readFileBytes(path);
  if (bytes.byteLength > LARGEST_SET) return undefined;
  const text = new TextDecoder().decode(bytes);
  if (!text.includes("rlnTomoTomogramsFile") && !text.includes("rlnTomoParticlesFile")) return undefined;
  const tables = parseStar(text, { name: path }).blocks.flatMap((block) => block.tables);
  const named = (column: string) => tables.flatMap(({ columns }) => columns.get(column)?.[0] ?? [])[0];
  return { particles: named("rlnTomoParticlesFile"), tomograms: named("rlnTomoTomogramsFile") };
}

/** An optimisation set is a few lines, in bytes. */
const LARGEST_SET = 1 << 16;

/** A STAR file in memory. @throws FileError, FormatError */
export async function readStarFile(path: string): Promise<StarDocument> {
  return parseStar(new TextDecoder().decode(await readFileBytes(path)), { name: path });
}
