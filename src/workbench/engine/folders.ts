/** Which files the page may see: those in the folders that the person has opened. */
import { dirname, resolve, sep } from "node:path";
import { ConfigError, FileError } from "../../errors.js";
import { isZarrFolder, listedFiles, realPath } from "../../files/disk/index.js";
import { volumeFormatOfName } from "../../io/index.js";
import type { FolderEntry, FolderListing } from "../protocol/index.js";

export interface Folders {
  /** The real path of something in an opened folder. @throws FileError when it is not there, or elsewhere. */
  inside(path: string): Promise<string>;
  list(path?: string): Promise<FolderListing>;
}

/** @param roots the first is listed where none is named. */
export function createFolders(roots: readonly string[]): Folders {
  const [first] = roots;
  if (first === undefined) throw new ConfigError("no folder is opened");

  const isInside = async (path: string): Promise<boolean> => {
    const real = await Promise.all(roots.map((root) => realPath(root)));
    return real.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
  };
  const inside = async (path: string): Promise<string> => {
    const real = await realPath(resolve(first, path));
    if (await isInside(real)) return real;
    throw new FileError("lies outside of the opened folders", path, {
      hint: "Open its folder when starting the workbench.",
    });
  };
  return {
    inside,
    async list(path = first) {
      const folder = await inside(path);
      const parent = dirname(folder);
      const files = await listedFiles(folder);
      const entries = await Promise.all(
        files.map(async (file): Promise<FolderEntry | undefined> => {
          const isVolume = volumeFormatOfName(file.name) !== undefined;
          if (!file.isFolder) return isVolume ? file : undefined;
          return { ...file, isFolder: !(isVolume && (await isZarrFolder(file.path))) };
        }),
      );
      return {
        path: folder,
        parent: parent !== folder && (await isInside(parent)) ? parent : undefined,
        entries: entries.filter((entry) => entry !== undefined),
      };
    },
  };
}
