/** The one interface between the page and what computes: a local server in Node, or a worker in the page. */
import type { AverageResults } from "./averages.js";
import type { RunFlags } from "./flags.js";
import type { Step } from "./history.js";
import type { Project, VoxelPosition } from "./project.js";
import type {
  EmbeddingMap,
  ExampleJudgement,
  ExportedFile,
  ExportFormat,
  RunProgress,
  RunRecord,
  RunRequest,
  RunResults,
  Surface,
} from "./run.js";
import type { SegmentationResults } from "./segmentation.js";
import type {
  Section,
  SectionRequest,
  ThumbnailRequest,
  Thumbnails,
  TomogramInfo,
  TomogramMeasurement,
} from "./tomogram.js";

export interface About {
  readonly version: string;
  /** Where it computes: "Node 20.20, 2 threads", "in this page, WebAssembly, 2 threads". */
  readonly runtime: string;
  readonly isLocal: boolean;
  /** The project's folder, as a person would name it. */
  readonly projectPath: string;
}

/** The project as it is now; every change has a higher version. */
export interface ProjectState {
  readonly version: number;
  readonly project: Project;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly runs: readonly RunRecord[];
}

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly byteLength: number;
}

export interface FolderListing {
  readonly path: string;
  readonly parent: string | undefined;
  readonly entries: readonly FolderEntry[];
}

/** What the truth of a practice tomogram says of a run. */
export interface TruthComparison {
  readonly classes: readonly {
    readonly classId: string;
    readonly truths: number;
    readonly picks: number;
    readonly right: number;
  }[];
}

/** A practice tomogram, and where one particle of each class is. */
export interface Practice {
  readonly tomogramId: string;
  readonly suggestions: readonly { readonly className: string; readonly position: VoxelPosition }[];
}

export type EngineEvent =
  | { readonly type: "project"; readonly state: ProjectState }
  | { readonly type: "progress"; readonly progress: RunProgress }
  /** A search that goes on has found more: its `results` are what is known so far. */
  | { readonly type: "found"; readonly runId: string }
  | { readonly type: "warning"; readonly text: string }
  /** Where it computes has been found out: `About.runtime` from now on. */
  | { readonly type: "runtime"; readonly text: string }
  /** Said by clients of an engine elsewhere: whether they reach it. */
  | { readonly type: "connection"; readonly isConnected: boolean };

/** Each method throws (across the border: rejects with) tagged errors of src/errors.ts. */
export interface WorkbenchEngine {
  about(): Promise<About>;
  /** Folders and files that can be opened, of the opened folder where none is named. Local only. */
  listFolder(path?: string): Promise<FolderListing>;
  state(): Promise<ProjectState>;
  /** Changes the project; when this resolves, the change is on disk. */
  take(step: Step): Promise<ProjectState>;
  /** Takes the particles of a list of any format, or of a copick project's folder, as examples in a tomogram. */
  importParticles(path: string, tomogramId: string): Promise<ProjectState>;
  /** Opens a tomogram of the project. */
  tomogram(id: string): Promise<TomogramInfo>;
  measure(id: string): Promise<TomogramMeasurement>;
  /** Their arrays belong to whoever asked. */
  sections(request: SectionRequest): Promise<readonly Section[]>;
  thumbnails(request: ThumbnailRequest): Promise<Thumbnails>;
  judgeExamples(): Promise<readonly ExampleJudgement[]>;
  startRun(request: RunRequest): Promise<RunRecord>;
  /** Goes on with a run that was stopped or has failed, whenever that was. */
  resumeRun(runId: string): Promise<RunRecord>;
  cancelRun(runId: string): Promise<void>;
  /** Of a search; while it goes on, of the tomograms in which it has found something so far. */
  results(runId: string): Promise<RunResults>;
  embeddingMap(runId: string): Promise<EmbeddingMap>;
  /** Of a search's candidates; it takes longer than their results. */
  flags(runId: string): Promise<RunFlags>;
  segmentation(runId: string): Promise<SegmentationResults>;
  averages(runId: string): Promise<AverageResults>;
  /** Of the pick at a position, where the run wrote masks or surfaces. */
  surface(runId: string, tomogramId: string, position: VoxelPosition): Promise<Surface>;
  exportFormats(): Promise<readonly ExportFormat[]>;
  /** The picks of a run after thresholds and verdicts. */
  exportPicks(runId: string, formatId: string): Promise<readonly ExportedFile[]>;
  /** report.html of a run; of a tomogram where each has its own. */
  report(runId: string, tomogramId?: string): Promise<ExportedFile>;
  /** Makes a small labelled tomogram to try everything on. */
  startPractice(): Promise<Practice>;
  compareWithTruth(runId: string): Promise<TruthComparison>;
}

/** What crosses the border by name. */
export const ENGINE_METHODS = [
  ...["about", "listFolder", "state", "take", "tomogram", "measure", "sections", "thumbnails", "judgeExamples"],
  ...["startRun", "cancelRun", "results", "embeddingMap", "surface", "exportFormats", "exportPicks", "report"],
  ...["startPractice", "compareWithTruth", "importParticles", "resumeRun", "segmentation", "averages", "flags"],
] as readonly (keyof WorkbenchEngine)[];

/** The page's side of the border: the engine, its events, and a way for files of this computer to get to it. */
export interface EngineClient extends WorkbenchEngine {
  /** Calls `take` with every event until the function that it gives is called. */
  subscribe(take: (event: EngineEvent) => void): () => void;
  /** Where a browser finds the report of a run; undefined where it can only be saved. */
  reportAddress(runId: string, tomogramId?: string): Promise<string | undefined>;
  /** Hands over a file that was dropped or chosen; gives the path under which the engine opens it. */
  addFile(file: FileLike, onProgress?: (doneBytes: number) => void): Promise<string>;
}

/** The part of the web's `File` that is needed, so that these types know no DOM. */
export interface FileLike {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}
