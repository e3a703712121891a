import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileError, fileExists, writeFileAtomic } from "./files.js";

/** Results kept on disk under the settings that they follow from. */
export interface StepFiles {
  /** The kept result of a step of this name and these settings, or what `work` gives, which is then kept. */
  once<T>(name: string, settings: object, work: () => Promise<T>): Promise<T>;
}

/**
 * Steps of a long job as JSON files in a folder: a job that is run again takes up after the last finished step. A file that
 * cannot be read, or of other settings, counts as not there and is replaced.
 * @throws FileError when the folder cannot be made or written to.
 */
export async function openSteps(folder: string): Promise<StepFiles> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw fileError(folder, "written to", cause);
  });
  const pathOf = (name: string) => join(folder, `${name}.json`);
  const load = async (name: string, settings: object): Promise<{ readonly result: unknown } | undefined> => {
    if (!(await fileExists(pathOf(name)))) return undefined;
    try {
      const kept = JSON.parse(await readFile(pathOf(name), "utf8")) as { settings: object; result: unknown };
      return JSON.stringify(kept.settings) === JSON.stringify(settings) ? { result: kept.result } : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    async once<T>(name: string, settings: object, work: () => Promise<T>) {
      const kept = await load(name, settings);
      if (kept !== undefined) return kept.result as T;
      const result = await work();
      await writeFileAtomic(pathOf(name), `${JSON.stringify({ settings, result })}\n`);
      return result;
    },
  };
}
