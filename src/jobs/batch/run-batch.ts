/** From many tomograms and a recipe to one result: unit by unit, each in a process of its own, stage after stage. */
import { join, resolve } from "node:path";
import { ensureWritableFolder, writeFileAtomic } from "../../files/disk/index.js";
import { takeLock } from "../../files/processes/index.js";
import { keptWarnings } from "../../progress.js";
import type { Batch } from "./batch-file.js";
import { openBatch } from "./open-batch.js";
import type { BatchOptions, BatchResult } from "./options.js";
import { writeBatchReport } from "./report/write-report.js";
import { forgetFailures } from "./retry.js";
import { runStage } from "./stage.js";
import { readUnitState } from "./state.js";
import { batchResult } from "./status.js";
import { averageUnits, GATHER, LEAD, pickUnits, segmentUnits } from "./units/keys.js";

/**
 * Works on all that is not done: searches the tomograms that hold examples, then all others (or, to classify, identifies the
 * particles of lists in each), and gathers the picks; then segments each tomogram and averages each class, where the recipe asks
 * for it. Stopped at any moment and started again it continues where it was; a tomogram that fails stops no other. Ends with
 * `report.html` and `recipe.json` beside `picks/`, `tomograms/` and `average/`.
 * @throws ConfigError for options, or while another process works on the same folder; FileError, FormatError as reading the
 * manifest does; AbortError.
 */
export async function runBatch(options: BatchOptions): Promise<BatchResult> {
  const start = performance.now();
  const outputFolder = resolve(options.outputFolder);
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  await ensureWritableFolder(join(outputFolder, "units"));
  await using _ = await takeLock(
    join(outputFolder, "batch.lock"),
    `${outputFolder} is being worked on by another cosnet batch`,
  );
  const told = { ...options, outputFolder, onWarning };
  const batch = await openBatch(told);
  await forgetFailures(outputFolder, batch, options.retry);
  await writeFileAtomic(join(outputFolder, "recipe.json"), `${JSON.stringify(batch.recipe, null, 2)}\n`);
  await runStages(batch, told);
  const result = await batchResult(outputFolder, batch);
  const seconds = (performance.now() - start) / 1000;
  const reportPath = await writeBatchReport(outputFolder, batch, { ...result, warnings, seconds });
  return { ...result, reportPath, warnings, seconds };
}

async function runStages(batch: Batch, options: BatchOptions): Promise<void> {
  const { recipe } = batch;
  const { outputFolder } = options;
  const run = (units: Parameters<typeof runStage>[1], stage: string) => runStage(batch, units, stage, options);
  if ((await run([LEAD], "reading the examples")).failed > 0) return;
  const picked = recipe.classify ? "tomograms classified" : "tomograms picked";
  if ((await run(pickUnits(batch), picked)).done === 0) return;
  if ((await run([GATHER], "gathering the picks")).failed > 0) return;
  if (recipe.segment) await run(segmentUnits(batch), "tomograms segmented");
  if (recipe.average) await run(averageUnits(await readUnitState(outputFolder, GATHER.id)), "classes averaged");
}
