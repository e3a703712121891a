/** From whole tomograms and a few examples to every particle: search, embed, identify, write. */
import { removeFolder, type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { keptWarnings } from "../../progress.js";
import { loadNetworks } from "../search/index.js";
import { checkFilaments } from "./by-example/index.js";
import { exampleDisagreements } from "./example-doubts.js";
import { writeMasks } from "./masks.js";
import { type PickOptions, type PickSettings, pickSettings } from "./options.js";
import { type PickResult, writeOutput } from "./output.js";
import type { PickRun } from "./report/data.js";
import { planScales } from "./scales.js";
import { pickTomograms } from "./search-scales.js";

/**
 * Finds and identifies the particles of tomograms: `picks.star`, `picks.csv`, `candidates.star`, `report.html` and
 * `picks.json`. Stopped and started again with the same options it continues where it was.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError, ModelError as reading does;
 * AbortError.
 */
export async function pick(options: PickOptions): Promise<PickResult> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...pickSettings(options), onWarning };
  const { outputFolder, overwrite, keepWork, workRoot } = settings;
  const start = performance.now();
  return withStagedFiles(outputFolder, { lastFile: "picks.star", overwrite }, async (files) => {
    const result = await pickInto(files, settings, { start, warnings });
    if (!keepWork) await removeFolder(workRoot); // before the result appears, or a kill would leave it beside a whole result
    return result;
  });
}

async function pickInto(
  files: StagedFiles,
  settings: PickSettings,
  run: Pick<PickRun, "start" | "warnings">,
): Promise<PickResult> {
  const { closedSet, masks, onWarning } = settings;
  await using networks = await loadNetworks(settings);
  if (!closedSet && networks.embedder.description.similarity !== "cosine")
    onWarning?.("this model compares by a trained distance: every candidate is assigned to one of the classes");
  const scales = await planScales(networks, settings);
  checkFilaments(scales[0].examples, settings);
  for (const doubt of exampleDisagreements(scales)) onWarning?.(doubt);
  await using found = await pickTomograms(scales, settings);
  const { tomograms } = found;
  if (masks) await writeMasks(files, tomograms, settings);
  return await writeOutput(files, { settings, networks, scales, examples: scales[0].examples, tomograms, ...run });
}
