/** What has been submitted, in files of the batch's folder: all that is needed to find it again. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  ensureWritableFolder,
  fileExists,
  listedFiles,
  readJson,
  removeFolder,
  writeFileAtomic,
} from "../../../../files/disk/index.js";
import { type BatchScript, batchScriptText } from "./batch-script.js";

/** A job array that Slurm has been given, or is about to be. */
export interface Submission {
  /** Unique, so that a job is found whose number was not noted before the process was killed. */
  readonly jobName: string;
  /** Ids of the units, by their index in the array. */
  readonly units: readonly string[];
  /** Of each unit, what is asked for, and how often it has been submitted, this time included. */
  readonly attempts: readonly { readonly number: number; readonly memoryBytes: number }[];
  /** Undefined until Slurm has answered. */
  readonly jobId?: number;
  /** At most this many of its tasks run at a time. */
  readonly throttle?: number;
  /** What became of all its tasks is known. */
  readonly hasEnded?: boolean;
}

const folderOf = (batchFolder: string) => join(batchFolder, "slurm");
const recordPath = (batchFolder: string, jobName: string) => join(folderOf(batchFolder), `${jobName}.json`);

/** The script of a submission. */
export function scriptPath(batchFolder: string, jobName: string): string {
  return join(folderOf(batchFolder), `${jobName}.sh`);
}

/** Where the output of tasks goes: JOB_INDEX.log. */
export function logFolderOf(batchFolder: string): string {
  return join(folderOf(batchFolder), "logs");
}

/** Submissions of this batch that may have tasks yet, in the order in which they were made. @throws FileError */
export async function openSubmissions(batchFolder: string): Promise<Submission[]> {
  const folder = folderOf(batchFolder);
  if (!(await fileExists(folder))) return [];
  const names = (await listedFiles(folder)).map(({ name }) => name).filter((name) => name.endsWith(".json"));
  const records = await Promise.all(names.map((name) => readJson(join(folder, name))));
  return records.filter(isSubmission).filter(({ hasEnded = false }) => !hasEnded);
}

/**
 * Writes script and record, so that both are there before Slurm knows of the job.
 * @throws FileError
 */
export async function prepareSubmission(
  batchFolder: string,
  script: Omit<BatchScript, "jobName" | "logFolder" | "path">,
  attempts: Submission["attempts"],
): Promise<Submission> {
  await ensureWritableFolder(logFolderOf(batchFolder));
  const earlier = (await listedFiles(folderOf(batchFolder))).filter(({ name }) => name.endsWith(".json")).length;
  const jobName = `cosnet-${String(earlier + 1).padStart(4, "0")}-${randomBytes(4).toString("hex")}`;
  const { units, throttle } = script;
  const submission: Submission = {
    jobName,
    units: units.map(({ id }) => id),
    attempts,
    ...(throttle !== undefined && { throttle }),
  };
  await noteSubmission(batchFolder, submission);
  const path = scriptPath(batchFolder, jobName);
  await writeFileAtomic(path, batchScriptText({ ...script, jobName, logFolder: logFolderOf(batchFolder), path }));
  return submission;
}

/** @throws FileError */
export async function noteSubmission(batchFolder: string, submission: Submission): Promise<void> {
  await writeFileAtomic(recordPath(batchFolder, submission.jobName), `${JSON.stringify(submission, null, 2)}\n`);
}

/** Tasks of it that have not begun end as soon as they do, without having done anything. @throws FileError */
export async function withdrawSubmission(batchFolder: string, submission: Submission): Promise<void> {
  await removeFolder(scriptPath(batchFolder, submission.jobName));
  await noteSubmission(batchFolder, { ...submission, hasEnded: true });
}

/** Whether somebody else has withdrawn it. @throws FileError */
export async function isWithdrawn(batchFolder: string, { jobName }: Submission): Promise<boolean> {
  return !(await fileExists(scriptPath(batchFolder, jobName)));
}

function isSubmission(record: unknown): record is Submission {
  const { jobName, units, attempts } = (record ?? {}) as Partial<Submission>; // every field is looked at
  return typeof jobName === "string" && Array.isArray(units) && Array.isArray(attempts);
}
