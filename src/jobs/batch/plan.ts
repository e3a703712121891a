/** How the computer is made use of, in `plan.json`, for whoever asks for the status. */
import { join } from "node:path";
import { countText } from "../../count-text.js";
import { readJson, writeFileAtomic } from "../../files/disk/index.js";
import { type BatchUnit, type ExecutorPlan, expectedMemory } from "./executors/executor.js";

/** @throws FileError. */
export function writePlan(
  batchFolder: string,
  stage: string,
  { processes, threads, cores, freeBytes }: ExecutorPlan,
  units: readonly BatchUnit[],
): Promise<void> {
  const largest = units.reduce((most, unit) => Math.max(most, expectedMemory(unit, threads)), 0);
  const text = `${stage}: ${countText(processes, "process", "processes")} at a time, ${countText(threads, "thread")} each, ${gigabytes(largest)} expected for one; there are ${countText(cores, "core")} and ${gigabytes(freeBytes)} free`;
  return writeFileAtomic(join(batchFolder, "plan.json"), `${JSON.stringify({ text })}\n`);
}

/** Undefined before the first. @throws FileError. */
export async function readPlan(batchFolder: string): Promise<string | undefined> {
  const plan = (await readJson(join(batchFolder, "plan.json"))) as { readonly text?: unknown } | null | undefined;
  return typeof plan?.text === "string" ? plan.text : undefined;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
