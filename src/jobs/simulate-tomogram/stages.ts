import { dirname, join } from "node:path";
import { ensureWritableFolder, type StageRecord } from "../../files/disk/index.js";

/** A value that one stage makes and later ones use: in memory while they need it, else read from its files. */
export interface Kept<T> {
  get(): Promise<T>;
  put(value: T): void;
  release(): void;
}

/** A part of a long job, done once and then noted. */
export interface Stage {
  readonly name: string;
  /** What it uses of earlier stages: released after the last stage that lists it. */
  readonly inputs: readonly Pick<Kept<unknown>, "release">[];
  /** Files and folders, relative to the job's folder. */
  readonly writes: readonly string[];
  run(): Promise<void>;
}

/** A value that `read` gives until a stage puts another. */
export function kept<T>(read: () => Promise<T>): Kept<T> {
  let value: Promise<T> | undefined;
  return {
    get: () => (value ??= read()),
    put(made) {
      value = Promise.resolve(made);
    },
    release() {
      value = undefined;
    },
  };
}

/** Runs the stages that are not done, in order. @throws what they throw, FileError when a folder cannot be made. */
export async function runStages(folder: string, stages: readonly Stage[], record: StageRecord): Promise<void> {
  for (const [index, { name, inputs, writes, run }] of stages.entries()) {
    await record.run(name, async () => {
      for (const path of new Set(writes.map(dirname))) await ensureWritableFolder(join(folder, path));
      await run();
    });
    const needed = new Set(stages.slice(index + 1).flatMap((later) => later.inputs));
    for (const input of inputs) if (!needed.has(input)) input.release();
  }
}
