/** What a run's folder says of it, in `run.json`. */
import { join } from "node:path";
import { FormatError } from "../../../errors.js";
import { listedFiles, readJson, writeFileAtomic } from "../../../files/disk/index.js";
import type { RunRecord } from "../../protocol/index.js";
import type { RunTomogram } from "./example-lists.js";
import type { Job, RunClass } from "./kinds/jobs.js";

export interface Run {
  readonly record: RunRecord;
  readonly classes: readonly RunClass[];
  readonly tomograms: readonly RunTomogram[];
  readonly job: Job;
}

/** A run that is done, and where its files are. */
export interface DoneRun extends Run {
  readonly folder: string;
}

const FORMAT = 2;

/** @throws FileError */
export function writeRun(folder: string, run: Run): Promise<void> {
  return writeFileAtomic(join(folder, "run.json"), `${JSON.stringify({ format: FORMAT, ...run }, null, 2)}\n`);
}

/** The runs of a project, in order; one that ended without saying so was stopped. @throws FileError, FormatError */
export async function readRuns(runsFolder: string): Promise<Run[]> {
  const folders = (await listedFiles(runsFolder)).filter(({ isFolder }) => isFolder);
  const runs = await Promise.all(folders.map(({ path }) => readRun(path)));
  return runs.filter((run) => run !== undefined).sort((a, b) => numberOf(a.record.id) - numberOf(b.record.id));
}

/** Undefined for a folder without a whole record: the program was ended before the run began. */
async function readRun(folder: string): Promise<Run | undefined> {
  const path = join(folder, "run.json");
  const read = await readJson(path);
  if (read === undefined || read === null) return undefined;
  // Our own file, written whole: its format says what is in it.
  const { format, record, classes, tomograms, job } = read as Partial<Run> & { readonly format?: unknown };
  if (format !== FORMAT || !record || !classes || !tomograms || !job)
    throw new FormatError("this is not the record of a run that this version reads", path, {
      hint: "Open the project with the version of cosnet that wrote it, or remove the run's folder.",
    });
  const state = record.state === "running" ? "cancelled" : record.state;
  return { record: { ...record, state }, classes, tomograms, job };
}

export function numberOf(runId: string): number {
  return Number(/^run-(\d+)$/.exec(runId)?.[1] ?? 0);
}
