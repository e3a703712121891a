/** What computes for the page: the same in Node and in a worker of the page. */
import { ConfigError } from "../../errors.js";
import { packageVersion } from "../../files/disk/index.js";
import type {
  EngineEvent,
  ProjectState,
  ProjectTomogram,
  RunRequest,
  Step,
  WorkbenchEngine,
} from "../protocol/index.js";
import { parseRunRequest, parseStep } from "../protocol/index.js";
import { createExports } from "./exports/exports.js";
import { runFlags } from "./flags/run-flags.js";
import { createFolders } from "./folders.js";
import { importParticles } from "./import-particles.js";
import { openJournal } from "./journal.js";
import { createPractice } from "./practice/practice.js";
import type { NetworkChoice } from "./runs/kinds/kind.js";
import { progressEvents } from "./runs/progress-events.js";
import { createRunReader } from "./runs/run-reader.js";
import { openRuns } from "./runs/runs.js";
import { surfaceAt } from "./runs/surface.js";
import { describeTomograms } from "./tomograms/describe-tomograms.js";
import { createTomograms } from "./tomograms/tomograms.js";

export interface EngineOptions {
  /** Made where there is none. */
  readonly projectFolder: string;
  /** The project as a person would name it; default: its folder. */
  readonly projectName?: string;
  /** Files in these can be opened; the first is where a person begins to look. */
  readonly openedFolders: readonly string[];
  /** Where it computes: "Node 20.20, 2 threads". */
  readonly runtime: string;
  /** Files are those of the computer it runs on. */
  readonly isLocal: boolean;
  /** Instead of those that ship with cosnet, computed on the processor; a promise as long as it is not known. */
  readonly networks?: NetworkChoice | Promise<NetworkChoice>;
  /** Told of every change, and how far a run is. */
  readonly onEvent?: (event: EngineEvent) => void;
}

/** An engine; `await using` it, so that the project can be opened again. */
export interface OpenEngine extends WorkbenchEngine, AsyncDisposable {}

/** @throws ConfigError when the project is open elsewhere; FormatError when it is damaged; FileError. */
export async function openEngine(options: EngineOptions): Promise<OpenEngine> {
  const { projectFolder, projectName = projectFolder, runtime, isLocal, onEvent } = options;
  const folders = createFolders(options.openedFolders);
  const journal = await openJournal(projectFolder);
  const tomograms = createTomograms();
  let version = Date.now(); // higher than any before, also than those of an engine that was killed

  const changed = (): ProjectState => {
    version++;
    const state = stateNow();
    onEvent?.({ type: "project", state });
    return state;
  };
  const reader = createRunReader();
  const runs = await openRuns({
    ...{ projectFolder, reader },
    networks: options.networks,
    describe: (project) => describeTomograms(project.tomograms, tomograms),
    onEvent: (event) => onEvent?.(event),
    onChange: changed,
  }).catch(async (error) => {
    await journal[Symbol.asyncDispose]();
    throw error;
  });
  const exports = createExports(reader, { onWarning: (text) => onEvent?.({ type: "warning", text }) });
  const practice = createPractice({
    projectFolder,
    project: () => journal.history.present,
    async take(step) {
      await journal.take(step);
      changed();
    },
    onProgress: progressEvents("practice", (event) => onEvent?.(event)),
  });
  const stateNow = (): ProjectState => {
    const { past, present, future } = journal.history;
    return {
      ...{ version, project: present, runs: runs.all.map(({ record }) => record) },
      ...{ canUndo: past.length > 0, canRedo: future.length > 0 },
    };
  };
  const tomogramOf = (id: string): ProjectTomogram => {
    const found = journal.history.present.tomograms.find((tomogram) => tomogram.id === id);
    if (!found) throw new ConfigError(`there is no ${id} in this project`);
    return found;
  };
  return {
    about: async () => ({ version: packageVersion(), runtime, isLocal, projectPath: projectName }),
    listFolder: (path) => folders.list(path),
    state: async () => stateNow(),
    async take(given) {
      await journal.take(await withRealPath(parseStep(given), folders.inside));
      return changed();
    },
    async importParticles(path, tomogramId) {
      const all = await describeTomograms([tomogramOf(tomogramId)], tomograms);
      const project = () => journal.history.present;
      await importParticles(await folders.inside(path), all[0]!, { project, take: (step) => journal.take(step) });
      return changed();
    },
    tomogram: async (id) => tomograms.info(tomogramOf(id)),
    sections: async (request) => tomograms.sections(tomogramOf(request.tomogramId), request),
    measure: async (id) => tomograms.measure(tomogramOf(id)),
    thumbnails: async (request) => tomograms.thumbnails(tomogramOf(request.tomogramId), request),
    judgeExamples: () => runs.judgeExamples(journal.history.present),
    async startRun(given) {
      const request = await withRealList(parseRunRequest(given), folders.inside);
      return runs.start(journal.history.present, request);
    },
    resumeRun: (runId) => runs.resume(runId),
    cancelRun: (runId) => runs.cancel(runId),
    results: async (runId) => runs.foundSoFar(runId) ?? (await reader.results(runs.done(runId, "pick"))).results,
    embeddingMap: async (runId) => reader.embeddingMap(runs.done(runId, "pick")),
    async flags(runId) {
      const run = runs.done(runId, "pick");
      return runFlags(run, await reader.results(run), async (request) =>
        tomograms.thumbnails(tomogramOf(request.tomogramId), request),
      );
    },
    segmentation: async (runId) => (await reader.segmentation(runs.done(runId, "segment"))).results,
    averages: async (runId) => reader.averages(runs.done(runId, "average")),
    async surface(runId, tomogramId, position) {
      const run = runs.done(runId);
      if (run.job.kind === "segment") return (await reader.segmentation(run)).surface(tomogramId, position);
      return surfaceAt(run, await reader.results(runs.done(runId, "pick")), tomogramId, position);
    },
    exportFormats: async () => exports.formats,
    exportPicks: async (runId, formatId) =>
      exports.picks(runs.done(runId, "pick"), formatId, {
        project: journal.history.present,
        segmented: runs.lastOf(runId, "segment"),
        averaged: runs.lastOf(runId, "average"),
      }),
    report: async (runId, tomogramId) => ({
      name: `${runId}-report.html`,
      bytes: await runs.report(runId, tomogramId),
    }),
    startPractice: () => practice.start(),
    compareWithTruth: async (runId) => practice.compare((await reader.results(runs.done(runId, "pick"))).results),
    async [Symbol.asyncDispose]() {
      await runs[Symbol.asyncDispose]();
      await tomograms[Symbol.asyncDispose]();
      await journal[Symbol.asyncDispose]();
    },
  };
}

async function withRealPath(step: Step, inside: (path: string) => Promise<string>): Promise<Step> {
  return step.type === "add-tomogram" ? { ...step, path: await inside(step.path) } : step;
}

async function withRealList(request: RunRequest, inside: (path: string) => Promise<string>): Promise<RunRequest> {
  if (request.kind !== "pick" || !request.listed) return request;
  return { ...request, listed: { ...request.listed, path: await inside(request.listed.path) } };
}
