import { join } from "node:path";
import { ensureWritableFolder, writeFileAtomic } from "./disk.js";
import { readJson } from "./json.js";

/** Results of a long job, kept on disk together with the settings that they follow from. */
export interface StepFiles {
  /** The kept result of a step of this name and these settings, or what `work` gives, which is then kept. */
  once<T>(name: string, settings: object, work: () => Promise<T>): Promise<T>;
  /** Seconds that the work of each step so far took, in this run or an earlier one. */
  readonly seconds: ReadonlyMap<string, number>;
}

interface KeptStep<T> {
  readonly settings: object;
  readonly seconds: number;
  readonly result: T;
}

/**
 * Steps of a long job as JSON files in a folder: a job that is run again continues after the last finished step. A file that
 * cannot be read, or that is of other settings, counts as missing and is replaced.
 * @throws FileError when the folder cannot be made or written to.
 */
export async function openSteps(folder: string): Promise<StepFiles> {
  await ensureWritableFolder(folder);
  const taken = new Map<string, number>();
  return {
    seconds: taken,
    async once<T>(name: string, settings: object, work: () => Promise<T>) {
      const path = join(folder, `${name}.json`);
      let step = (await readJson(path).catch(() => undefined)) as KeptStep<T> | undefined;
      if (JSON.stringify(step?.settings) !== JSON.stringify(settings)) {
        const start = performance.now();
        const result = await work();
        step = { settings, seconds: (performance.now() - start) / 1000, result };
        await writeFileAtomic(path, `${JSON.stringify(step)}\n`);
      }
      const { seconds, result } = step as KeptStep<T>;
      taken.set(name, seconds);
      return result;
    },
  };
}
