import { rm, writeFile } from "node:fs/promises";
import { failing } from "./disk.js";
import { removedAfterUse } from "./temporary.js";

/** Writes a file that nobody else may read; removed when disposed of, or when the process ends. @throws FileError */
export async function privateFile(path: string, text: string): Promise<AsyncDisposable> {
  await rm(path, { force: true }); // an earlier one may be open to others
  await writeFile(path, text, { mode: 0o600, flag: "wx" }).catch(failing(path, "written"));
  return removedAfterUse(path);
}
