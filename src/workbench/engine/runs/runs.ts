/** Runs of cosnet's verbs on the project, one at a time. */
import { dirname, join } from "node:path";
import { ConfigError, isCosnetError } from "../../../errors.js";
import { ensureWritableFolder, fileExists, readFileBytes, removeFolder } from "../../../files/disk/index.js";
import { createSearchMemory, pick } from "../../../jobs/pick/index.js";
import {
  createTurns,
  type EngineEvent,
  type ExampleJudgement,
  failureOf,
  type Project,
  type RunRecord,
  type RunRequest,
  type RunResults,
} from "../../protocol/index.js";
import { decidedList } from "./decided-list.js";
import type { RunTomogram } from "./example-lists.js";
import { createFoundResults, type FoundResults } from "./found-so-far.js";
import { createJudge } from "./judge.js";
import { reportPath } from "./kinds/jobs.js";
import type { NetworkChoice } from "./kinds/kind.js";
import { doJob, planRun } from "./kinds/kinds.js";
import { progressEvents } from "./progress-events.js";
import { type DoneRun, numberOf, type Run, readRuns, writeRun } from "./run-file.js";
import type { RunReader } from "./run-reader.js";

export interface Runs extends AsyncDisposable {
  /** Oldest first. */
  readonly all: readonly Run[];
  /** @throws ConfigError when one is running, or there is nothing to do; FileError. */
  start(project: Project, request: RunRequest): Promise<RunRecord>;
  /** Goes on with a run that was stopped or has failed. @throws ConfigError when one is running, or this one is done. */
  resume(runId: string): Promise<RunRecord>;
  /** Resolves when it has stopped. */
  cancel(runId: string): Promise<void>;
  /** A run that is done. @throws ConfigError for any other, and one of another kind than is asked for. */
  done(runId: string, kind?: RunRequest["kind"]): DoneRun;
  /** Of a search that goes on. */
  foundSoFar(runId: string): RunResults | undefined;
  /** The last run of a kind on the picks of a search that is done, if there is one. */
  lastOf(runId: string, kind: "segment" | "average"): DoneRun | undefined;
  /**
   * report.html; that of a search is drawn when it is first asked for.
   * @param tomogramId whose report, where each tomogram has its own.
   * @throws ConfigError while another run is going on; as `pick`.
   */
  report(runId: string, tomogramId?: string): Promise<Uint8Array>;
  /** @throws as `pick` reads examples. */
  judgeExamples(project: Project): Promise<readonly ExampleJudgement[]>;
}

export interface RunsOptions {
  readonly projectFolder: string;
  /** Of `EngineOptions`. */
  readonly networks?: NetworkChoice | Promise<NetworkChoice> | undefined;
  readonly reader: RunReader;
  /** What is known of the project's tomograms. */
  readonly describe: (project: Project) => Promise<readonly RunTomogram[]>;
  readonly onEvent: (event: EngineEvent) => void;
  /** A record has changed. */
  readonly onChange: () => void;
}

interface CurrentRun {
  readonly id: string;
  readonly controller: AbortController;
  readonly found: FoundResults;
  readonly ended: Promise<void>;
}

/** @throws FileError, FormatError when the record of a run cannot be read. */
export async function openRuns(options: RunsOptions): Promise<Runs> {
  const { projectFolder, networks: given = {}, reader, describe, onEvent, onChange } = options;
  const runsFolder = join(projectFolder, "runs");
  await ensureWritableFolder(runsFolder);
  let runs: readonly Run[] = await readRuns(runsFolder);
  let current: CurrentRun | undefined;
  let isStarting = false;
  const memory = createSearchMemory();
  const judge = createJudge();
  const { take: inTurn } = createTurns(1); // who uses the networks that are in memory
  const shared = { workRoot: join(projectFolder, "work"), keepWork: true, memory };
  const networks = async (): Promise<NetworkChoice> => given;
  const folderOf = (runId: string) => join(runsFolder, runId);

  const keep = async (run: Run): Promise<void> => {
    await writeRun(folderOf(run.record.id), run);
    const others = runs.filter(({ record }) => record.id !== run.record.id);
    runs = [...others, run].sort((a, b) => numberOf(a.record.id) - numberOf(b.record.id));
    onChange();
  };

  const work = async (run: Run, found: FoundResults, signal: AbortSignal): Promise<void> => {
    const { record, tomograms, job } = run;
    const { id, command } = record;
    const start = performance.now();
    const ended = (state: "done" | "failed" | "cancelled", more: Partial<RunRecord>): RunRecord => ({
      ...{ ...record, state, seconds: (performance.now() - start) / 1000 },
      ...more,
    });
    try {
      const chosen = await networks();
      const outcome = await inTurn(() =>
        doJob(job, {
          ...{ folder: folderOf(id), command, tomograms, networks: chosen, shared, signal },
          onProgress: progressEvents(id, onEvent),
          // What further runs warn of stands beside what they have made.
          onFound(more) {
            found.add(more);
            onEvent({ type: "found", runId: id });
          },
          onWarning: (text) => job.kind === "pick" && onEvent({ type: "warning", text }),
        }),
      );
      const { counts, warnings } = outcome;
      await keep({ ...run, tomograms: outcome.tomograms ?? tomograms, record: ended("done", { ...counts, warnings }) });
    } catch (error) {
      const isStopped = isCosnetError(error) && error.tag === "abort";
      const record = isStopped ? ended("cancelled", {}) : ended("failed", { error: failureOf(error) });
      await keep({ ...run, record });
    }
  };

  /** From now on the run is going on. */
  const begin = async (run: Run): Promise<RunRecord> => {
    await keep(run);
    const { id } = run.record;
    const controller = new AbortController();
    const found = createFoundResults(run);
    const ended = work(run, found, controller.signal).finally(() => {
      current = undefined;
    });
    current = { id, controller, found, ended };
    ended.catch(() => onEvent({ type: "warning", text: `what became of ${id} could not be written` }));
    return run.record;
  };

  const newRun = async (project: Project, request: RunRequest): Promise<Run> => {
    const id = `run-${1 + runs.reduce((highest, { record }) => Math.max(highest, numberOf(record.id)), 0)}`;
    const folder = folderOf(id);
    await removeFolder(folder); // what was left before a run had a record
    await ensureWritableFolder(folder);
    try {
      const { command, ...plan } = await planRun(request, {
        ...{ folder, project, networks: await networks(), describe: () => describe(project) },
        async decided(runId) {
          const run = done(runId, "pick");
          return { run, list: decidedList(await reader.results(run), project) };
        },
      });
      const startedAt = new Date().toISOString();
      return { record: { ...{ id, request, command, startedAt, warnings: [] }, state: "running" }, ...plan };
    } catch (error) {
      await removeFolder(folder);
      throw error;
    }
  };

  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (current || isStarting) throw new ConfigError("a run is going on", { hint: "Wait for its end, or cancel it." });
    isStarting = true;
    try {
      return await work();
    } finally {
      isStarting = false;
    }
  };

  const find = (runId: string): Run => {
    const run = runs.find(({ record }) => record.id === runId);
    if (!run) throw new ConfigError(`there is no ${runId} in this project`);
    return run;
  };
  const done: Runs["done"] = (runId, kind) => {
    const run = find(runId);
    if (run.record.state !== "done") throw new ConfigError(`${runId} has no results: it is ${run.record.state}`);
    if (kind !== undefined && run.record.request.kind !== kind)
      throw new ConfigError(`${runId} is a run of ${run.record.request.kind}, not of ${kind}`);
    return { ...run, folder: folderOf(runId) };
  };

  return {
    get all() {
      return runs;
    },
    start: (project, request) => alone(async () => begin(await newRun(project, request))),
    resume: (runId) =>
      alone(() => {
        const { record, ...run } = find(runId);
        if (record.state === "done") throw new ConfigError(`${runId} is done`);
        const { error: _, seconds: __, ...again } = record;
        return begin({ ...run, record: { ...again, state: "running" } });
      }),
    async cancel(runId) {
      if (current?.id !== runId) return;
      current.controller.abort();
      await current.ended;
    },
    done,
    foundSoFar: (runId) => (current?.id === runId ? current.found.results : undefined),
    lastOf(runId, kind) {
      const last = runs.findLast(
        ({ record: { state, request } }) => state === "done" && request.kind === kind && request.ofRunId === runId,
      );
      return last && { ...last, folder: folderOf(last.record.id) };
    },
    async report(runId, tomogramId) {
      const { folder, job, record } = done(runId);
      const path = reportPath(job, folder, tomogramId);
      if (job.kind !== "pick" || (await fileExists(path))) return readFileBytes(path);
      if (current || isStarting) throw new ConfigError("a run is going on", { hint: "Ask for the report at its end." });
      // Identified once more, by what is in memory or in the work folder: the same picks.
      const working = { ...(await networks()), ...shared };
      const options = { ...working, ...job.options, masks: false, outputFolder: dirname(path), overwrite: true };
      await inTurn(() => pick({ ...options, command: record.command }));
      return readFileBytes(path);
    },
    async judgeExamples(project) {
      const tomograms = await describe(project);
      const working = { ...(await networks()), ...shared };
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
