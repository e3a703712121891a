/** Units that do not build on each other, worked on until each has ended. */
import type { Batch } from "./batch-file.js";
import type { BatchUnit, ExecutorPlan, UnitEnd } from "./executors/executor.js";
import type { BatchOptions } from "./options.js";
import { writePlan } from "./plan.js";
import { readUnitState, removeUnitState, type UnitState, writeUnitState } from "./state.js";
import {
  averageUnits,
  GATHER,
  keyOf,
  LEAD,
  type NamedUnit,
  pickUnits,
  segmentUnits,
  type UnitKind,
  unitOf,
} from "./units/keys.js";

/** Where nothing has been measured: a tomogram of 512 x 512 x 200 voxels takes less. */
const ASSUMED_MEMORY_BYTES = 2 ** 31;
/**
 * What each thread beside the first takes that embeds boxes, with a network of its own: measured with 1 to 8 threads, 69 to 75 MB
 * and 155 to 159 MB.
 */
const THREAD_MEMORY_BYTES = { int8: 75 * 2 ** 20, float32: 160 * 2 ** 20 } as const;
/** Units that embed boxes. */
const EMBEDDING: ReadonlySet<UnitKind> = new Set(["lead", "pick", "classify", "segment"]);
/** What is added to what was measured. */
const MEMORY_MARGIN = 1.1;

/**
 * Works on those units that are not done. One that failed is left alone, until its state is forgotten.
 * @returns how many are done now, and how many have failed. @throws AbortError; FileError.
 */
export async function runStage(
  batch: Batch,
  units: readonly NamedUnit[],
  stage: string,
  options: BatchOptions,
): Promise<{ readonly done: number; readonly failed: number }> {
  const { outputFolder, executor, onProgress } = options;
  const open: NamedUnit[] = [];
  const counts = { done: 0, failed: 0 };
  const running = new Set<string>(); // on a cluster a unit may begin several times, or end before it was seen to begin
  for (const unit of units) {
    const key = await keyOf(outputFolder, batch, unit);
    if (key === undefined) continue; // what it builds on has failed
    const state = await readUnitState(outputFolder, unit.id);
    const isOwn = state?.key === key;
    if (isOwn && (state.status === "done" || state.status === "failed")) {
      counts[state.status]++;
      continue;
    }
    // What a unit came to that followed from other things would pass for what it comes to now.
    if (state && !isOwn && state.status !== "running") await removeUnitState(outputFolder, unit.id);
    open.push(unit);
  }
  const total = counts.done + counts.failed + open.length;
  const report = () => {
    const { done, failed } = counts;
    const note = `${running.size} running${failed > 0 ? `, ${failed} failed` : ""}`;
    onProgress?.({ stage, done: done + failed, total, ...(total > 1 && { note }) });
  };
  report();
  const run = async (some: readonly NamedUnit[]) => {
    const settled: Promise<void>[] = [];
    const work = await executorUnits(outputFolder, batch, some);
    const context = {
      ...{ batchFolder: outputFolder, program: options.program, signal: options.signal },
      onStarted({ id }: BatchUnit) {
        running.add(id);
        report();
      },
      onEnded(end: UnitEnd) {
        running.delete(end.unit.id);
        const counted = settle(outputFolder, batch, end).then((status) => {
          if (status) counts[status]++;
          report();
        });
        settled.push(counted);
      },
      onPlan: (plan: ExecutorPlan) => void settled.push(writePlan(outputFolder, stage, plan, work)),
      ...(options.onWarning && { onWarning: options.onWarning }),
    };
    await executor.run(work, context).finally(() => Promise.all(settled));
  };
  const [first, ...others] = open;
  if (!first) return counts;
  const isMeasured = (await measuredMemory(outputFolder, batch, first.kind)) !== undefined;
  if (executor.measuresFirst && !isMeasured && others.length > 0) {
    await run([first]);
    await run(others);
  } else await run(open);
  return counts;
}

/** @returns what became of the unit; undefined where it is to be done again. @throws FileError. */
async function settle(
  batchFolder: string,
  batch: Batch,
  { unit: { id }, outcome, reason }: UnitEnd,
): Promise<"done" | "failed" | undefined> {
  const unit = await unitOf(batchFolder, batch, id);
  const key = unit && (await keyOf(batchFolder, batch, unit));
  const state = await readUnitState(batchFolder, id);
  const isOwn = state?.key === key;
  if (isOwn && (state?.status === "done" || state?.status === "failed")) return state.status;
  if (outcome === "cancelled") {
    await removeUnitState(batchFolder, id);
    return undefined;
  }
  const failed: UnitState = {
    ...{ attempt: 1, process: { host: "", pid: 0, born: "" }, where: "", startedAt: new Date().toISOString() },
    ...state,
    ...{ key: key ?? "", status: "failed", recurs: false, reason: reason ?? "its process ended without a word" },
    ...(!isOwn && { hint: `See logs/${id}.log.` }),
  };
  await writeUnitState(batchFolder, id, failed);
  return "failed";
}

async function executorUnits(batchFolder: string, batch: Batch, units: readonly NamedUnit[]): Promise<BatchUnit[]> {
  const [first] = units;
  const measured = first && (await measuredMemory(batchFolder, batch, first.kind));
  const threadBytes = first && EMBEDDING.has(first.kind) ? await threadMemory(batchFolder, batch, first.kind) : 0;
  return units.map((unit) => {
    const larger = measured?.bytes && unit.tomogram?.bytes ? Math.max(1, unit.tomogram.bytes / measured.bytes) : 1;
    return {
      id: unit.id,
      args: ["batch", "unit", batchFolder, unit.id],
      memoryBytes: measured ? MEMORY_MARGIN * measured.memoryBytes * larger : ASSUMED_MEMORY_BYTES,
      threadBytes: MEMORY_MARGIN * threadBytes,
      threads: 2,
    };
  });
}

/** What units of a kind have needed, further threads apart, and how large the files were; undefined as long as none is done. */
async function measuredMemory(batchFolder: string, batch: Batch, kind: UnitKind) {
  const threadBytes = await threadMemory(batchFolder, batch, kind);
  const measured: { readonly memoryBytes: number; readonly bytes: number | undefined }[] = [];
  for (const unit of await unitsLike(batchFolder, batch, kind)) {
    const state = await readUnitState(batchFolder, unit.id);
    if (state?.status !== "done" || state.peakMemoryBytes === undefined) continue;
    if (unit.kind === "lead" && state.result?.searched !== true) continue;
    const { peakMemoryBytes, networkThreads = 0 } = state;
    const memoryBytes = peakMemoryBytes - networkThreads * threadBytes;
    measured.push({ memoryBytes, bytes: unit.tomogram?.bytes });
  }
  return measured.toSorted((a, b) => b.memoryBytes - a.memoryBytes)[0];
}

/** By the precision in which the networks of this batch are computed; a graphics processor is not shared among threads. */
async function threadMemory(batchFolder: string, { recipe }: Batch, kind: UnitKind): Promise<number> {
  const model = String((await readUnitState(batchFolder, LEAD.id))?.result?.model ?? "");
  if (model.endsWith("WebGPU")) return 0;
  const isQuantised = model.endsWith(", int8)") && !(kind === "segment" && recipe.segment?.precision === "float32");
  return THREAD_MEMORY_BYTES[isQuantised ? "int8" : "float32"];
}

/** Reading the examples searches the tomograms that they lie in, as picking does. */
async function unitsLike(batchFolder: string, batch: Batch, kind: UnitKind): Promise<readonly NamedUnit[]> {
  if (kind === "pick" || kind === "classify") return [LEAD, ...pickUnits(batch)];
  if (kind === "segment") return segmentUnits(batch);
  if (kind === "average") return averageUnits(await readUnitState(batchFolder, GATHER.id));
  return [kind === "lead" ? LEAD : GATHER];
}
