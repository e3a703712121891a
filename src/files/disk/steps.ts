import { join } from "node:path";
import { ensureWritableFolder, readJson, writeFileAtomic } from "../disk/index.js";

/** Results kept on disk under the settings that they follow from. */
export interface StepFiles {
  /** The kept result of a step of this name and these settings, or what `work` gives, which is then kept. */
  once<T>(name: string, settings: object, work: () => Promise<T>): Promise<T>;
  /** Seconds that each step taken so far took when its work was done, be it in an earlier run. */
  readonly seconds: ReadonlyMap<string, number>;
}

interface KeptStep<T> {
  readonly settings: object;
  readonly seconds: number;
  readonly result: T;
}

/**
 * Steps of a long job as JSON files in a folder: a job that is run again takes up after the last finished step. A file that
 * cannot be read, or of other settings, counts as not there and is replaced.
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
