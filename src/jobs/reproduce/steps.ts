import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileError, fileExists, writeFileAtomic } from "../../files/disk/index.js";

/** Results kept on disk under the settings that they follow from. */
export interface StepFiles {
  /** The kept result of a step of this name and these settings, or what `work` gives, which is then kept. */
  once<T>(name: string, settings: object, work: () => Promise<T>): Promise<T>;
  /** Seconds that each step taken so far took when its work was done, be it in an earlier run. */
  readonly seconds: ReadonlyMap<string, number>;
}

interface KeptStep {
  readonly settings: object;
  readonly seconds: number;
  readonly result: unknown;
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
  const taken = new Map<string, number>();
  const load = async (name: string, settings: object): Promise<KeptStep | undefined> => {
    if (!(await fileExists(pathOf(name)))) return undefined;
    try {
      const kept = JSON.parse(await readFile(pathOf(name), "utf8")) as KeptStep;
      return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    seconds: taken,
    async once<T>(name: string, settings: object, work: () => Promise<T>) {
      const kept = await load(name, settings);
      if (kept !== undefined) {
        taken.set(name, kept.seconds);
        return kept.result as T;
      }
      const start = performance.now();
      const result = await work();
      const seconds = (performance.now() - start) / 1000;
      const step: KeptStep = { settings, seconds, result };
      await writeFileAtomic(pathOf(name), `${JSON.stringify(step)}\n`);
      taken.set(name, seconds);
      return result;
    },
  };
}
