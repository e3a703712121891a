/** The result of a pick of many tomograms, of what was found in each. */
import { withStagedFiles } from "../../../files/disk/index.js";
import { keptWarnings } from "../../../progress.js";
import { loadNetworks } from "../../search/index.js";
import { type PickOptions, pickSettings } from "../options.js";
import { type PickResult, writeOutput } from "../output.js";
import { createOpenGrids, type FoundInTomogram, pickedOf } from "./found.js";
import { type PickLead, scalesOf } from "./lead.js";

/**
 * Writes what `pick` of these tomograms writes, byte for byte but for times.
 * @param found of each of `tomogramPaths`, in their order
 * @throws as writing does; FileError where a tomogram is gone; AbortError.
 */
export async function gatherPicks(
  options: PickOptions,
  lead: PickLead,
  found: readonly FoundInTomogram[],
): Promise<PickResult> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...pickSettings(options), onWarning };
  const start = performance.now();
  for (const { warnings: said } of [lead, ...found]) for (const warning of said) onWarning(warning);
  await using networks = await loadNetworks(settings);
  const scales = scalesOf(lead, networks, settings);
  await using grids = createOpenGrids();
  const tomograms = found.map((one) => pickedOf(one, scales, grids));
  return await withStagedFiles(
    settings.outputFolder,
    { lastFile: "picks.star", overwrite: settings.overwrite },
    (files) =>
      writeOutput(files, { settings, networks, scales, examples: scales[0].examples, tomograms, warnings, start }),
  );
}
