import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { failing, makeFolder } from "../disk/index.js";

/** A file that a process started by this one writes what it says to, after what is there; `await using` it. @throws FileError */
export async function openLog(path: string): Promise<AsyncDisposable & { readonly descriptor: number }> {
  await makeFolder(dirname(path)).catch(failing(dirname(path), "written to"));
  const file = await open(path, "a").catch(failing(path, "written"));
  return { descriptor: file.fd, [Symbol.asyncDispose]: () => file.close() };
}
