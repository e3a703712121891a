/** Units in processes of this computer: as many at a time as its memory and cores allow. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { join } from "node:path";
import { AbortError } from "../../../errors.js";
import { isRunningHere, machineResources, openLog } from "../../../files/processes/index.js";
import { readUnitState } from "../state.js";
import {
  type BatchUnit,
  type Executor,
  type ExecutorContext,
  type ExecutorPlan,
  expectedMemory,
  type UnitEnd,
} from "./executor.js";

/** Of the free memory the fraction that units may fill. */
const MEMORY_FRACTION = 0.9;
/** A process that was asked to end is killed after this; most tidy up within a second. */
const PATIENCE_MILLISECONDS = 20_000;

/**
 * At most `processes` at a time, by default one a core, and no more than fit into the memory that is free. The threads of each
 * are its part of the cores.
 */
export function createLocalPool({ processes }: { readonly processes?: number | undefined } = {}): Executor {
  return {
    measuresFirst: true,
    async run(units, context) {
      const { cores, freeBytes } = await machineResources();
      const plan = fittingPlan(units, { cores, freeBytes, most: processes ?? cores });
      const { processes: count, threads } = plan;
      context.onPlan?.(plan);
      const waiting = [...units];
      await Promise.all(
        Array.from({ length: count }, async () => {
          for (let unit = waiting.shift(); unit && !context.signal?.aborted; unit = waiting.shift())
            context.onEnded(await workOn(unit, threads, context));
        }),
      );
      if (context.signal?.aborted) throw new AbortError("stopped before the end", { cause: context.signal.reason });
    },
  };
}

/** The most processes that fit; the fewer they are, the more threads each has, which take memory, too. */
export function fittingPlan(
  units: readonly BatchUnit[],
  { cores, freeBytes, most }: Pick<ExecutorPlan, "cores" | "freeBytes"> & { readonly most: number },
): ExecutorPlan {
  const threadsOf = (processes: number) => Math.max(1, Math.floor(cores / processes));
  const largest = (threads: number) => units.reduce((bytes, unit) => Math.max(bytes, expectedMemory(unit, threads)), 0);
  let processes = Math.max(1, Math.min(most, units.length));
  while (processes > 1 && processes * largest(threadsOf(processes)) > MEMORY_FRACTION * freeBytes) processes--;
  return { processes, threads: threadsOf(processes), cores, freeBytes };
}

/** @throws FileError. */
async function workOn(unit: BatchUnit, threads: number, context: ExecutorContext): Promise<UnitEnd> {
  const { batchFolder, program, signal } = context;
  await endLeftOver(unit, batchFolder);
  const [interpreter = process.execPath, ...words] = [...program, ...unit.args, "--threads", String(threads)];
  await using log = await openLog(join(batchFolder, "logs", `${unit.id}.log`));
  // The channel ends with this process, and so does the unit then: nothing goes on unseen.
  const child = spawn(interpreter, words, { stdio: ["ignore", log.descriptor, log.descriptor, "ipc"] });
  const ended = Promise.race([once(child, "close"), once(child, "error").then(([error]) => [error])]);
  if (child.pid !== undefined) context.onStarted(unit, `${hostname()}, process ${child.pid}`);
  const stop = () => void endProcess(child);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const [code, killedBy] = (await ended) as [number | Error | null, NodeJS.Signals | null | undefined];
  signal?.removeEventListener("abort", stop);
  if (code === 0) return { unit, outcome: "ended" };
  if (signal?.aborted) return { unit, outcome: "cancelled" };
  return { unit, outcome: "failed", reason: endText(code, killedBy) };
}

function endText(code: number | Error | null, killedBy: NodeJS.Signals | null | undefined): string {
  if (code instanceof Error) return `its process could not be started: ${code.message}`;
  if (killedBy === "SIGKILL") return "its process was killed (SIGKILL), as when memory runs out";
  return killedBy ? `its process was ended by ${killedBy}` : `its process ended with exit code ${code}`;
}

/** Asks a process to end, and makes it. */
async function endProcess(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  clearTimeout(timer);
}

/** Ends the process of an earlier run that has not yet seen that it is alone. */
async function endLeftOver(unit: BatchUnit, batchFolder: string): Promise<void> {
  const state = await readUnitState(batchFolder, unit.id);
  if (state?.status !== "running") return;
  const { process: mark } = state;
  for (let waited = 0; isRunningHere(mark); waited += 100) {
    try {
      if (waited % PATIENCE_MILLISECONDS === 0) process.kill(mark.pid, waited === 0 ? "SIGTERM" : "SIGKILL");
    } catch {} // it has ended since
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
