import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { failing } from "./disk.js";

/** All files in a folder and below it, by their path from there with "/" between the names. @throws FileError */
export async function readFolder(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(failing(path, "read"));
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const contents = await Promise.all(
    files.map(async (file): Promise<[string, Uint8Array]> => {
      const bytes = await readFile(file).catch(failing(file, "read"));
      return [relative(path, file).split(sep).join("/"), bytes];
    }),
  );
  return new Map(contents);
}
