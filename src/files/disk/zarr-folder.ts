import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RandomAccessSource, ZarrStore } from "../../io/index.js";
import { fileError, fileExists, openRandomAccess } from "./disk.js";

/** Whether a path is a folder that holds a Zarr array or group. */
export async function isZarrFolder(path: string): Promise<boolean> {
  const names = ["zarr.json", ".zgroup", ".zarray", ".zmetadata"];
  return (await Promise.all(names.map((name) => fileExists(join(path, name))))).includes(true);
}

/** Whether there is a folder of this name; false too when it cannot be looked at. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path)
    .then((information) => information.isDirectory())
    .catch(() => false);
}

/** The files of a folder as a Zarr store. Names that lead out of the folder are not there. */
export function zarrFolder(folder: string): ZarrStore {
  const existing = async <T>(key: string, work: (path: string) => Promise<T>): Promise<T | undefined> => {
    if (key.split("/").includes("..")) return undefined;
    const path = join(folder, key);
    try {
      return await work(path);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
      throw fileError(path, "read", cause);
    }
  };
  return {
    get: (key) =>
      existing(key, async (path) => {
        const { buffer, byteOffset, byteLength } = await readFile(path);
        return new Uint8Array(buffer, byteOffset, byteLength);
      }),
    open: (key) => existing(key, openClosedSource),
  };
}

/** A file that is open only while it is read: a volume may be in any number of them. */
async function openClosedSource(path: string): Promise<RandomAccessSource> {
  const information = await stat(path);
  if (!information.isFile()) throw Object.assign(new Error("not a file"), { code: "EISDIR" });
  return {
    byteLength: information.size,
    async read(offset, length) {
      await using file = await openRandomAccess(path);
      return await file.read(offset, length);
    },
  };
}

/** Bytes in all files of a folder; one that vanishes meanwhile has none. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => sizeOf(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((cause) => {
    if (cause.code === "ENOENT") return { size: 0 };
    throw fileError(path, "read", cause);
  });
  return size;
}
