/** What has become of each unit, in files alone: `units/ID.json`, written by the unit's own process. */
import { join } from "node:path";
import { readJson, removeFolder, writeFileAtomic } from "../../files/disk/index.js";
import { isProcessMark, type ProcessMark } from "../../files/processes/index.js";

/** A unit without a state has not begun, or is to be done again. */
export interface UnitState {
  readonly status: "running" | "done" | "failed";
  /** What its result follows from; a state of other things counts as none. */
  readonly key: string;
  /** How many times it has been begun. */
  readonly attempt: number;
  readonly process: ProcessMark;
  /** Host, and what else a person finds the process by. */
  readonly where: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly seconds?: number;
  readonly peakMemoryBytes?: number;
  /** Threads beside the first in which its networks were loaded, at most. */
  readonly networkThreads?: number;
  /** Of one that is done: what others follow from, and what is told of it. */
  readonly result?: UnitResult;
  /** Of one that failed: what is wrong, and what to do. */
  readonly reason?: string;
  readonly hint?: string | undefined;
  /** Of one that failed: its own error, which comes again, and not one of its process or the computer. */
  readonly recurs?: boolean;
}

/** What a unit leaves beside its files. */
export interface UnitResult {
  /** Stands for all that later units take from it. */
  readonly digest?: string;
  /** Where particles of lists are classified: stands for those in each tomogram, by its id. */
  readonly listed?: Readonly<Record<string, string>>;
  /** Picks of each class. */
  readonly classes?: readonly { readonly name: string; readonly picks: number }[];
  /** Of each tomogram that was gathered. */
  readonly tomograms?: readonly GatheredFacts[];
  readonly [fact: string]: unknown;
}

/** What was picked in a tomogram, once classes have learnt from all. */
export interface GatheredFacts {
  readonly id: string;
  readonly classes: readonly { readonly name: string; readonly picks: number }[];
  readonly candidates: number;
  /** Stands for its list of picks. */
  readonly digest: string;
}

/** Undefined for a unit that has not begun, or whose state cannot be read. @throws FileError. */
export async function readUnitState(batchFolder: string, id: string): Promise<UnitState | undefined> {
  const state = (await readJson(statePath(batchFolder, id))) as Partial<UnitState> | undefined | null;
  return state && typeof state.status === "string" && isProcessMark(state.process) ? (state as UnitState) : undefined;
}

/** @throws FileError. */
export function writeUnitState(batchFolder: string, id: string, state: UnitState): Promise<void> {
  return writeFileAtomic(statePath(batchFolder, id), `${JSON.stringify(state, null, 2)}\n`);
}

/** The unit has not begun. */
export function removeUnitState(batchFolder: string, id: string): Promise<void> {
  return removeFolder(statePath(batchFolder, id));
}

function statePath(batchFolder: string, id: string): string {
  return join(batchFolder, "units", `${id}.json`);
}
