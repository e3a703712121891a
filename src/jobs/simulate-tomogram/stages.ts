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
  run?(): Promise<void>;
  /** Writes what `run` has made while the next stage, and no other, runs: what it reads must not change in that one. */
  write?(): Promise<void>;
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

/** Stages that run one after the other. Disposal waits until nothing is written any more. */
export interface StageRun extends AsyncDisposable {
  /** Runs the stages that are not done, in order; the last one may still be writing. @throws what they throw, FileError */
  run(stages: readonly Stage[]): Promise<void>;
  /** Waits until all are written and noted. @throws what a stage throws */
  finish(): Promise<void>;
}

/** Runs the stages of a job in its folder and notes them in its record. */
export function openStageRun(folder: string, record: StageRecord): StageRun {
  let noted = Promise.resolve(); // of all stages that have begun
  return {
    async run(stages) {
      for (const [index, stage] of stages.entries()) {
        const before = noted;
        const needed = new Set(stages.slice(index + 1).flatMap((later) => later.inputs));
        const hasRun = new Promise<void>((resolve) => {
          noted = record.run(stage.name, () => runStage(folder, stage, { resolve, before }));
        });
        noted = noted.then(() => {
          for (const input of stage.inputs) if (!needed.has(input)) input.release();
        });
        noted.catch(() => {}); // thrown when it is awaited
        await Promise.race([hasRun, noted]).finally(() => before);
      }
    },
    finish: () => noted,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([noted]);
    },
  };
}

async function runStage(
  folder: string,
  { writes, run, write }: Stage,
  { resolve, before }: { readonly resolve: () => void; readonly before: Promise<void> },
): Promise<void> {
  for (const path of new Set(writes.map(dirname))) await ensureWritableFolder(join(folder, path));
  await run?.();
  resolve();
  await write?.();
  await before; // stages are noted in their order
}
