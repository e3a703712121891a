/** What has become of each unit, in files alone: `units/ID.json`, written by the unit's own process. */
import { join } from "node:path";
import { readJson } from "../../files/disk/index.js";
import { isProcessMark, type ProcessMark } from "../../files/processes/index.js";

/** A unit without a state has not begun, or is to be done again. */
export interface UnitState {
  readonly status: "running" | "done" | "failed";
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
  /** Of one that failed: what is wrong, and what to do. */
  readonly reason?: string;
  readonly hint?: string;
  /** Of one that failed: its own error, which comes again, and not one of the process or the computer. */
  readonly recurs?: boolean;
}

/** Undefined for a unit that has not begun, or whose state cannot be read. @throws FileError. */
export async function readUnitState(batchFolder: string, id: string): Promise<UnitState | undefined> {
  const state = (await readJson(statePath(batchFolder, id))) as Partial<UnitState> | undefined | null;
  return state && typeof state.status === "string" && isProcessMark(state.process) ? (state as UnitState) : undefined;
}

function statePath(batchFolder: string, id: string): string {
  return join(batchFolder, "units", `${id}.json`);
}
