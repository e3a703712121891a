/** The part of the disk that the page may look at: folders that were named on the command line. */
import { isAbsolute, relative, sep } from "node:path";
import { ConfigError } from "../../errors.js";
import { realPath } from "../../files/disk/index.js";
import { refusal } from "./refusal.js";

export interface OpenedFolders {
  /** Of these, without links. */
  readonly paths: readonly string[];
  /** @throws Refusal when a call is about something outside; FileError when there is no such file. */
  check(method: string, parameters: readonly unknown[]): Promise<void>;
}

/** @throws FileError when a folder is missing. */
export async function openFolders(folders: readonly string[]): Promise<OpenedFolders> {
  const paths = [...new Set(await Promise.all(folders.map(realPath)))];
  return {
    paths,
    async check(method, parameters) {
      const path = pathIn(method, parameters);
      if (path === undefined) return;
      checkPath(path);
      const real = await realPath(path);
      if (!paths.some((folder) => isWithin(real, folder)))
        throw refusal(
          403,
          `${path} is outside the folders that are open here`,
          "Start cosnet workbench with --folder and its folder.",
        );
    },
  };
}

/** The path that a call is about. What else the page says is about what is in the project already. */
function pathIn(method: string, parameters: readonly unknown[]): unknown {
  const [first] = parameters;
  if (method === "listFolder") return first ?? undefined;
  if (method !== "take" || typeof first !== "object" || first === null) return undefined;
  return "path" in first ? first.path : undefined;
}

function checkPath(path: unknown): asserts path is string {
  if (typeof path !== "string" || path.includes("\0")) throw new ConfigError("a path is a text without zeros");
  if (!isAbsolute(path))
    throw new ConfigError(`${path} is not the whole path of a file`, { hint: "Begin with the root." });
}

/** Whether a path without links is a folder or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
