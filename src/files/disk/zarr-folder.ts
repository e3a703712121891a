import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ZarrStore } from "../../io/index.js";
import { fileError, fileExists } from "./disk.js";

/** Whether a path is a folder that holds a Zarr array or group. */
export async function isZarrFolder(path: string): Promise<boolean> {
  const names = ["zarr.json", ".zgroup", ".zarray"];
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
  return {
    async get(key) {
      if (key.split("/").includes("..")) return undefined;
      const path = join(folder, key);
      try {
        const { buffer, byteOffset, byteLength } = await readFile(path);
        return new Uint8Array(buffer, byteOffset, byteLength);
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
        throw fileError(path, "read", cause);
      }
    },
  };
}

/** Bytes in all files of a folder. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
