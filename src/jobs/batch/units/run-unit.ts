/** One unit of a batch, in a process of its own. */
import { hostname } from "node:os";
import { AbortError, ConfigError, isCosnetError } from "../../../errors.js";
import { mostSessionsInThreads } from "../../../files/model/index.js";
import { isRunningHere, markOfThisProcess } from "../../../files/processes/index.js";
import { shellWord } from "../../command-text/index.js";
import { readBatch } from "../batch-file.js";
import { readUnitState, removeUnitState, type UnitState, writeUnitState } from "../state.js";
import { keyOf, unitOf } from "./keys.js";
import type { BatchUnitOptions } from "./unit-options.js";
import { workOn } from "./work.js";

/**
 * Does what a unit is for, unless it is done, and notes what has become of it. One that was stopped continues where it was.
 * @throws ConfigError for a name of no unit, one that another process works on, or one whose turn has not come; what the work
 * throws, after it has been noted; AbortError.
 */
export async function runBatchUnit({ batchFolder, id, steps, ...given }: BatchUnitOptions): Promise<UnitState> {
  const batch = await readBatch(batchFolder);
  const unit = await unitOf(batchFolder, batch, id);
  if (!unit)
    throw new ConfigError(`${id} is no unit of this batch`, {
      where: batchFolder,
      hint: "cosnet batch status FOLDER --units lists them.",
    });
  const key = await keyOf(batchFolder, batch, unit);
  if (key === undefined)
    throw new ConfigError(`${id} builds on what is not done yet`, {
      where: batchFolder,
      hint: "cosnet batch run does everything in its order.",
    });
  const earlier = await readUnitState(batchFolder, id);
  if (earlier?.status === "done" && earlier.key === key) return earlier;
  if (earlier?.status === "running" && earlier.process.pid !== process.pid && isRunningHere(earlier.process))
    throw new ConfigError(`${id} is being worked on by process ${earlier.process.pid}`, { where: batchFolder });
  const start = performance.now();
  const begun: UnitState = {
    ...{ status: "running", key, attempt: (earlier?.attempt ?? 0) + 1 },
    ...{ process: markOfThisProcess(), where: `${hostname()}, process ${process.pid}` },
    startedAt: new Date().toISOString(),
  };
  await writeUnitState(batchFolder, id, begun);
  const ended = () => ({
    ...begun,
    endedAt: new Date().toISOString(),
    seconds: (performance.now() - start) / 1000,
    peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
    networkThreads: mostSessionsInThreads(),
  });
  try {
    // The same in whatever place it is worked on.
    const command = `cosnet batch unit ${shellWord(batchFolder)} ${id}`;
    const result = await workOn(unit, { ...given, command, batchFolder, batch, steps, key });
    const done: UnitState = { ...ended(), status: "done", result };
    await writeUnitState(batchFolder, id, done);
    return done;
  } catch (error) {
    if (error instanceof AbortError) await removeUnitState(batchFolder, id);
    else await writeUnitState(batchFolder, id, { ...ended(), status: "failed", recurs: true, ...reasonOf(error) });
    throw error;
  }
}

function reasonOf(error: unknown): Pick<UnitState, "reason" | "hint"> {
  if (isCosnetError(error)) return { reason: error.message, hint: error.hint };
  return { reason: error instanceof Error ? error.message : String(error) };
}
