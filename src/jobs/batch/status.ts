/** How far a batch has come, read from its files alone. */
import { join } from "node:path";
import { fileExists } from "../../files/disk/index.js";
import { isRunningHere } from "../../files/processes/index.js";
import { type Batch, readBatch } from "./batch-file.js";
import type { BatchFailure, BatchResult } from "./options.js";
import { readPlan } from "./plan.js";
import { readUnitState, type UnitState } from "./state.js";
import { allUnits, GATHER, isPickUnit, keyOf, LEAD, type NamedUnit, type UnitKind } from "./units/keys.js";

/** A unit as it stands. `waiting`: not begun, or to be done again; `interrupted`: its process is gone. */
export interface UnitStatus {
  readonly id: string;
  readonly kind: UnitKind;
  readonly what: string;
  readonly status: "waiting" | "running" | "interrupted" | "done" | "failed";
  readonly where: string | undefined;
  readonly attempt: number;
  readonly seconds: number | undefined;
  readonly peakMemoryBytes: number | undefined;
  readonly reason: string | undefined;
  readonly hint: string | undefined;
}

export interface BatchStatus {
  readonly batchFolder: string;
  readonly units: readonly UnitStatus[];
  readonly failures: readonly BatchFailure[];
  /** How the last stage made use of the computer, in words. */
  readonly plan: string | undefined;
  /** Until the tomograms that wait are picked or classified, at the pace so far; undefined where none is done or none waits. */
  readonly secondsLeft: number | undefined;
}

/** @throws FileError; FormatError where there is no batch. */
export async function batchStatus(batchFolder: string): Promise<BatchStatus> {
  const units = await unitStatuses(batchFolder, await readBatch(batchFolder));
  return {
    ...{ batchFolder, units, plan: await readPlan(batchFolder), secondsLeft: secondsLeft(units) },
    failures: failuresOf(batchFolder, units),
  };
}

/** What the batch has come to. @throws FileError. */
export async function batchResult(
  outputFolder: string,
  batch: Batch,
): Promise<Omit<BatchResult, "warnings" | "seconds" | "reportPath">> {
  const units = await unitStatuses(outputFolder, batch);
  const gathered = await currentState(outputFolder, batch, GATHER);
  const isDone = gathered?.status === "done";
  const picksPath = join(outputFolder, "picks/picks.star");
  return {
    outputFolder,
    picksPath: isDone && (await fileExists(picksPath)) ? picksPath : undefined,
    tomograms: batch.tomograms.length,
    step: batch.recipe.classify ? "classify" : "pick",
    gathered: isDone ? units.filter((unit) => isPickUnit(unit) && unit.status === "done").length : 0,
    picks: isDone ? Number(gathered.result?.picks ?? 0) : 0,
    classes: (isDone && gathered.result?.classes) || [],
    failures: failuresOf(outputFolder, units),
  };
}

async function unitStatuses(folder: string, batch: Batch): Promise<UnitStatus[]> {
  const units: UnitStatus[] = [];
  for (const unit of await allUnits(folder, batch)) {
    const state = await currentState(folder, batch, unit);
    units.push({
      ...{ id: unit.id, kind: unit.kind, what: whatOf(unit), status: statusOf(state), attempt: state?.attempt ?? 0 },
      ...{ where: state?.where, seconds: state?.seconds, peakMemoryBytes: state?.peakMemoryBytes },
      ...{ reason: state?.reason, hint: state?.hint },
    });
  }
  return units;
}

/** The state that follows from what is there now. @throws FileError. */
export async function currentState(folder: string, batch: Batch, unit: NamedUnit): Promise<UnitState | undefined> {
  const state = await readUnitState(folder, unit.id);
  return state && state.key === (await keyOf(folder, batch, unit)) ? state : undefined;
}

function failuresOf(folder: string, units: readonly UnitStatus[]): BatchFailure[] {
  const failed = units.filter(({ status }) => status === "failed");
  return failed.map(({ id, what, reason = "", hint }) => ({
    ...{ id, what, reason, hint },
    logPath: join(folder, "logs", `${id}.log`),
  }));
}

function statusOf(state: UnitState | undefined): UnitStatus["status"] {
  if (!state) return "waiting";
  if (state.status === "running" && isRunningHere(state.process) === false) return "interrupted";
  return state.status;
}

const DOING = { pick: "picking", classify: "classifying", segment: "segmenting" } as const;

function whatOf({ kind, tomogram, className }: NamedUnit): string {
  if (tomogram) return `${tomogram.name} (${DOING[kind as keyof typeof DOING]})`;
  if (className !== undefined) return `${className} (averaging)`;
  return kind === LEAD.kind ? "the examples" : "gathering the picks";
}

function secondsLeft(units: readonly UnitStatus[]): number | undefined {
  const picks = units.filter(isPickUnit);
  const done = picks.flatMap(({ status, seconds }) => (status === "done" && seconds !== undefined ? [seconds] : []));
  const open = picks.filter(({ status }) => status !== "done" && status !== "failed").length;
  if (done.length === 0 || open === 0) return undefined;
  const atATime = Math.max(1, units.filter(({ status }) => status === "running" || status === "interrupted").length);
  return ((done.reduce((sum, each) => sum + each, 0) / done.length) * open) / atATime;
}
