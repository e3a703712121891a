import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { failing } from "./disk.js";

/**
 * The files in a folder and below it, by their path from there with "/" between the names.
 * @param isWanted told the path. Default: all of them.
 * @throws FileError
 */
export async function readFolder(
  path: string,
  { isWanted = () => true }: { readonly isWanted?: (name: string) => boolean } = {},
): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(failing(path, "read"));
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(path, join(parentPath, name)).split(sep).join("/"));
  const contents = await Promise.all(
    names.filter(isWanted).map(async (name): Promise<[string, Uint8Array]> => {
      const file = join(path, name);
      return [name, await readFile(file).catch(failing(file, "read"))];
    }),
  );
  return new Map(contents);
}
