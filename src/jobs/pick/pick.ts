/** From whole tomograms and a few examples to every particle: search, embed, identify, write. */
import { removeFolder, type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { keptWarnings } from "../../progress.js";
import { loadNetworks } from "../search/index.js";
import { writeMasks } from "./masks.js";
import { type PickOptions, type PickSettings, pickSettings } from "./options.js";
import { type PickResult, writeOutput } from "./output.js";
import type { PickRun } from "./report/data.js";
import { openScales, pickTomograms } from "./search-scales.js";

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
  await using networks = await loadNetworks(settings);
  const scales = await openScales(networks, settings);
  await using found = await pickTomograms(scales, settings);
  const { tomograms } = found;
  if (settings.masks) await writeMasks(files, tomograms, settings);
  return await writeOutput(files, { settings, networks, scales, examples: scales[0].examples, tomograms, ...run });
}
