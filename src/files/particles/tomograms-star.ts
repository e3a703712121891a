/** RELION's tomograms.star, where it lies beside a list or an optimisation set beside the list names it. */
import { dirname, isAbsolute, join } from "node:path";
import { FormatError } from "../../errors.js";
import { parseStar, readTomogramSizes, type StarDocument, tomogramNameOf } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";
import { locate } from "./linked-files.js";

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
  const path = await findTomogramsStar(listPath);
  if (path === undefined) return undefined;
  const document = await readStar(path);
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

/** In RELION's folders the list lies at most this deep in the project that paths are written from. */
const DEEPEST_JOB = 6;

async function findTomogramsStar(listPath: string): Promise<string | undefined> {
  const folder = dirname(listPath);
  const beside = join(folder, "tomograms.star");
  if (await fileExists(beside)) return beside;
  const set = join(folder, "optimisation_set.star");
  if (!(await fileExists(set))) return undefined;
  const tables = (await readStar(set)).blocks.flatMap((block) => block.tables);
  const [name] = tables.flatMap(({ columns }) => columns.get("rlnTomoTomogramsFile")?.[0] ?? []);
  return name === undefined ? undefined : locateFromProject(folder, name);
}

/** RELION writes paths from the project's folder, which is the current one or one above the list's. */
async function locateFromProject(folder: string, name: string): Promise<string | undefined> {
  if (isAbsolute(name)) return (await fileExists(name)) ? name : undefined;
  const candidates = [name];
  for (let depth = 0; depth <= DEEPEST_JOB; depth++) candidates.push(join(folder, "../".repeat(depth), name));
  for (const candidate of candidates) if (await fileExists(candidate)) return candidate;
  return undefined;
}

async function readStar(path: string): Promise<StarDocument> {
  return parseStar(new TextDecoder().decode(await readFileBytes(path)), { name: path });
}
