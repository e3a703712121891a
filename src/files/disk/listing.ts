import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { failing } from "./disk.js";
import { folderBytes } from "./zarr-folder.js";

/** A file or folder in a folder. */
export interface ListedFile {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly byteLength: number;
}

/** What is in a folder, but for hidden files and what cannot be looked at; folders first, by name. @throws FileError */
export async function listedFiles(folder: string): Promise<ListedFile[]> {
  const names = await readdir(folder).catch(failing(folder, "listed"));
  const visible = names.filter((name) => !name.startsWith("."));
  const files = await Promise.all(visible.map((name) => listedFile(folder, name)));
  return files
    .filter((file) => file !== undefined)
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name, "en", { numeric: true }));
}

async function listedFile(folder: string, name: string): Promise<ListedFile | undefined> {
  const path = join(folder, name);
  const information = await stat(path).catch(() => undefined);
  if (!information?.isFile() && !information?.isDirectory()) return undefined;
  return { name, path, isFolder: information.isDirectory(), byteLength: information.size };
}

/** Bytes of a file, or of all files in a folder. @throws FileError */
export async function byteLengthOf(path: string): Promise<number> {
  const information = await stat(path).catch(failing(path, "read"));
  return information.isDirectory() ? folderBytes(path) : information.size;
}

/** Whether a path is a pattern, as `matchingPaths` takes it. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/**
 * Paths that a pattern means, in which `*` stands for any characters of a name and `?` for one, by name ("TS_2" before "TS_10").
 * Hidden files are named only by a pattern that begins with a dot.
 */
export async function matchingPaths(pattern: string): Promise<string[]> {
  const parts = pattern.split("/");
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const part of parts.filter((one) => one !== "")) {
    const inEach = await Promise.all(found.map((folder) => matchesIn(folder, part)));
    found = inEach.flat();
  }
  return found;
}

async function matchesIn(folder: string, part: string): Promise<string[]> {
  if (!isPattern(part)) return [join(folder, part)];
  const expression = part
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const matches = new RegExp(`^${expression}$`);
  const names = await readdir(folder || ".").catch(() => []); // no folder: nothing matches
  return names
    .filter((name) => matches.test(name) && (part.startsWith(".") || !name.startsWith(".")))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((name) => join(folder, name));
}

/** When a file or folder was changed last, in milliseconds since 1970; undefined where it cannot be looked at. */
export function changedMilliseconds(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
