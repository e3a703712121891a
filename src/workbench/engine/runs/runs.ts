/** Runs of `cosnet pick` on the project, one at a time. */
import { join } from "node:path";
import { ConfigError, isCosnetError } from "../../../errors.js";
import { ensureWritableFolder, fileExists, readFileBytes, removeFolder } from "../../../files/disk/index.js";
import { createSearchMemory, type PickOptions, pick } from "../../../jobs/pick/index.js";
import { DEFAULT_SEED } from "../../../progress.js";
import {
  createTurns,
  type EngineEvent,
  type ExampleJudgement,
  failureOf,
  type Project,
  type RunOptions,
  type RunRecord,
} from "../../protocol/index.js";
import { type RunTomogram, writeExampleLists } from "./example-lists.js";
import { createJudge } from "./judge.js";
import { progressEvents } from "./progress-events.js";
import { commandOf } from "./run-command.js";
import { numberOf, type Run, readRuns, writeRun } from "./run-file.js";
import { checkProject, pickOptionsOf } from "./run-plan.js";

export type NetworkChoice = Pick<PickOptions, "detector" | "modelPath" | "threads">;

export interface Runs extends AsyncDisposable {
  /** Oldest first. */
  readonly all: readonly Run[];
  /** @throws ConfigError when one is running, or there is nothing to look for; FileError. */
  start(project: Project, options: RunOptions): Promise<RunRecord>;
  /** Resolves when it has stopped. */
  cancel(runId: string): Promise<void>;
  /** A run that is done. @throws ConfigError for any other. */
  done(runId: string): Run & { readonly folder: string };
  /** report.html, drawn when it is first asked for. @throws ConfigError while another run is going on; as `pick`. */
  report(runId: string): Promise<Uint8Array>;
  /** @throws as `pick` reads examples. */
  judgeExamples(project: Project): Promise<readonly ExampleJudgement[]>;
}

export interface RunsOptions {
  readonly projectFolder: string;
  /** Instead of those that ship with cosnet. */
  readonly networks?: NetworkChoice | undefined;
  /** What is known of the project's tomograms. */
  readonly describe: (project: Project) => Promise<readonly RunTomogram[]>;
  readonly onEvent: (event: EngineEvent) => void;
  /** A record has changed. */
  readonly onChange: () => void;
}

/** @throws FileError, FormatError when the earlier runs cannot be read. */
export async function openRuns({ projectFolder, networks, describe, onEvent, onChange }: RunsOptions): Promise<Runs> {
  const runsFolder = join(projectFolder, "runs");
  await ensureWritableFolder(runsFolder);
  let runs: readonly Run[] = await readRuns(runsFolder);
  let current: { readonly id: string; readonly controller: AbortController; ended: Promise<void> } | undefined;
  let isStarting = false;
  const memory = createSearchMemory();
  const judge = createJudge();
  const { take: inTurn } = createTurns(1); // who uses the networks that are in memory
  const working = { ...networks, workRoot: join(projectFolder, "work"), keepWork: true, memory };

  const keep = async (run: Run): Promise<void> => {
    await writeRun(join(runsFolder, run.record.id), run);
    runs = [...runs.filter(({ record }) => record.id !== run.record.id), run];
    onChange();
  };

  const work = async (run: Run, options: Parameters<typeof pick>[0], start: number): Promise<void> => {
    const ended = { ...run.record, seconds: 0 };
    const seconds = () => (performance.now() - start) / 1000;
    try {
      const { picks, candidates, warnings, tomograms } = await inTurn(() => pick(options));
      const sizes = new Map(tomograms.map(({ path, voxelSizeAngstrom }) => [path, voxelSizeAngstrom]));
      await keep({
        ...run,
        tomograms: run.tomograms.map((tomogram) => ({
          ...tomogram,
          takenVoxelSizeAngstrom: sizes.get(tomogram.path) ?? tomogram.takenVoxelSizeAngstrom,
        })),
        record: { ...ended, state: "done", seconds: seconds(), picks, candidates, warnings },
      });
    } catch (error) {
      const isStopped = isCosnetError(error) && error.tag === "abort";
      const outcome = isStopped
        ? { state: "cancelled" as const }
        : { state: "failed" as const, error: failureOf(error) };
      await keep({ ...run, record: { ...ended, seconds: seconds(), ...outcome } });
    }
  };

  const begin = async (project: Project, options: RunOptions): Promise<RunRecord> => {
    const start = performance.now();
    checkProject(project);
    const tomograms = await describe(project);
    const id = `run-${1 + runs.reduce((highest, { record }) => Math.max(highest, numberOf(record.id)), 0)}`;
    const folder = join(runsFolder, id);
    await removeFolder(folder); // what was left before a run had a record
    await ensureWritableFolder(folder);
    const lists = await writeExampleLists(folder, project, tomograms);
    const picking = { seed: DEFAULT_SEED, ...pickOptionsOf(tomograms, lists, options, project) };
    const command = commandOf({ ...networks, ...picking });
    const controller = new AbortController();
    const run: Run = {
      record: { id, state: "running", startedAt: new Date().toISOString(), options, warnings: [], command },
      classes: project.classes.map(({ id: classId, name }) => ({ id: classId, name })),
      ...{ tomograms, picking },
    };
    await keep(run);
    const ended = work(
      run,
      {
        ...{ ...working, ...picking, outputFolder: folder, embeddings: true, report: false },
        ...{ command, signal: controller.signal },
        onProgress: progressEvents(id, onEvent),
        onWarning: (text) => onEvent({ type: "warning", text }),
      },
      start,
    ).finally(() => {
      current = undefined;
    });
    current = { id, controller, ended };
    ended.catch(() => onEvent({ type: "warning", text: `what became of ${id} could not be written` }));
    return run.record;
  };

  const done = (runId: string): ReturnType<Runs["done"]> => {
    const run = runs.find(({ record }) => record.id === runId);
    if (!run) throw new ConfigError(`there is no ${runId} in this project`);
    if (run.record.state !== "done") throw new ConfigError(`${runId} has no results: it is ${run.record.state}`);
    return { ...run, folder: join(runsFolder, runId) };
  };

  return {
    get all() {
      return runs;
    },
    async start(project, options) {
      if (current || isStarting)
        throw new ConfigError("a run is going on", { hint: "Wait for its end, or cancel it." });
      isStarting = true;
      try {
        return await begin(project, options);
      } finally {
        isStarting = false;
      }
    },
    async cancel(runId) {
      if (current?.id !== runId) return;
      current.controller.abort();
      await current.ended;
    },
    done,
    async report(runId) {
      const { folder, picking, record } = done(runId);
      const outputFolder = join(folder, "report");
      const path = join(outputFolder, "report.html");
      if (await fileExists(path)) return readFileBytes(path);
      if (current || isStarting) throw new ConfigError("a run is going on", { hint: "Ask for the report at its end." });
      // Identified once more, by what is in memory or in the work folder: the same picks.
      const options = { ...working, ...picking, masks: false, outputFolder, overwrite: true };
      await inTurn(() => pick({ ...options, command: record.command }));
      return readFileBytes(path);
    },
    async judgeExamples(project) {
      const tomograms = await describe(project);
      const isBusy = current !== undefined || isStarting;
      if (isBusy) return judge(project, { tomograms, working: { ...working, memory: undefined } });
      return inTurn(() => judge(project, { tomograms, working }));
    },
    async [Symbol.asyncDispose]() {
      current?.controller.abort();
      await current?.ended.catch(() => {});
      await inTurn(async () => {});
      await memory[Symbol.asyncDispose]();
    },
  };
}
