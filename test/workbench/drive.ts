/** An engine asked as a page asks it: click, run, results. */
import type { PickRequest, RunRecord, RunResults, WorkbenchEngine } from "../../src/workbench/protocol/index.js";
import type { SmallTomogram } from "./small-tomograms.js";

/** Opens a tomogram, clicks examples in it, and runs to the end. */
export async function clickAndRun(
  engine: WorkbenchEngine,
  path: string,
  clicks: SmallTomogram["clicks"],
  options: Omit<PickRequest, "kind"> = {},
): Promise<{ readonly run: RunRecord; readonly results: RunResults }> {
  const { project } = await engine.take({ type: "add-tomogram", path });
  await click(engine, project.tomograms.at(-1)!.id, clicks);
  const run = await runToEnd(engine, options);
  return { run, results: await engine.results(run.id) };
}

/** Adds examples in a tomogram, and their classes. */
export async function click(
  engine: WorkbenchEngine,
  tomogramId: string,
  clicks: SmallTomogram["clicks"],
): Promise<void> {
  let { project } = await engine.state();
  for (const { position, className } of clicks) {
    if (!project.classes.some(({ name }) => name === className))
      ({ project } = await engine.take({ type: "add-class", name: className }));
    const classId = project.classes.find(({ name }) => name === className)!.id;
    ({ project } = await engine.take({ type: "add-example", tomogramId, classId, position }));
  }
}

export async function runToEnd(engine: WorkbenchEngine, options: Omit<PickRequest, "kind"> = {}): Promise<RunRecord> {
  const { id } = await engine.startRun({ kind: "pick", ...options });
  const run = await ended(engine, id);
  if (run.state !== "done") throw new Error(`the run is ${run.state}: ${JSON.stringify(run.error)}`);
  return run;
}

async function ended(engine: WorkbenchEngine, runId: string): Promise<RunRecord> {
  for (;;) {
    const run = (await engine.state()).runs.find(({ id }) => id === runId);
    if (run && run.state !== "running") return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Lists hold positions to a millionth of a voxel and probabilities to four digits: sums in another order change the last one. */
export const TOLERANCE = { positionVoxels: 0.001, probability: 0.001 } as const;

/** How far two results are from each other at most; infinitely where they differ in candidates, classes or what is picked. */
export function differenceOf(a: RunResults, b: RunResults): { positionVoxels: number; probability: number } {
  const difference = { positionVoxels: 0, probability: 0 };
  const isSame =
    a.tables.length === b.tables.length &&
    a.tables.every((table, index) => {
      const other = b.tables[index]!;
      return `${table.classIndex} ${table.rejection}` === `${other.classIndex} ${other.rejection}`;
    });
  if (!isSame) return { positionVoxels: Number.POSITIVE_INFINITY, probability: Number.POSITIVE_INFINITY };
  for (const [index, table] of a.tables.entries()) {
    const other = b.tables[index]!;
    difference.positionVoxels = Math.max(difference.positionVoxels, largest(table.positions, other.positions));
    difference.probability = Math.max(difference.probability, largest(table.probability, other.probability));
  }
  return difference;
}

function largest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
}
