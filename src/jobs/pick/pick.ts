/** From whole tomograms and a few examples to every particle: search, embed, identify, write. */
import { join } from "node:path";
import {
  ensureWritableFolder,
  refuseToOverwrite,
  removeFolder,
  type StagedFiles,
  withStagedFiles,
} from "../../files/disk/index.js";
import { contrastWarnings, loadNetworks, searchTomograms } from "../search/index.js";
import { readExamples } from "./examples.js";
import { identifyCandidates, type PickedTomogram } from "./identify.js";
import { writeMasks } from "./masks.js";
import { type PickOptions, type PickSettings, pickSettings } from "./options.js";
import { type PickResult, writeOutput } from "./output.js";

/**
 * Finds and identifies the particles of tomograms: `picks.star`, `picks.csv`, `candidates.star`, `report.html` and
 * `picks.json`. Stopped and started again with the same options it continues where it was.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError, ModelError as reading does;
 * AbortError.
 */
export async function pick(options: PickOptions): Promise<PickResult> {
  const settings = pickSettings(options);
  const { outputFolder, keepWork, workRoot } = settings;
  const start = performance.now();
  await ensureWritableFolder(outputFolder);
  await refuseToOverwrite(join(outputFolder, "picks.star"), settings);
  const result = await withStagedFiles(outputFolder, (files) => pickInto(files, settings, start));
  if (!keepWork) await removeFolder(workRoot);
  return result;
}

async function pickInto(files: StagedFiles, settings: PickSettings, start: number): Promise<PickResult> {
  const { tomogramPaths, closedSet, masks, onWarning } = settings;
  await using networks = await loadNetworks(settings);
  const { embedder } = networks;
  const examples = await readExamples(networks, settings);
  if (!closedSet && embedder.description.similarity !== "cosine")
    onWarning?.("this model compares by a trained distance: every candidate is assigned to one of the classes");
  await using found = await searchTomograms(tomogramPaths, networks, { ...settings, contrasts: examples.contrasts });
  const tomograms: PickedTomogram[] = [];
  for (const searched of found.tomograms) {
    const { grid, contrast } = searched;
    for (const warning of grid.warnings) onWarning?.(`${grid.path}: ${warning}`);
    for (const warning of contrastWarnings(contrast, grid.path)) onWarning?.(warning);
    tomograms.push(await identifyCandidates(searched, examples, networks, settings));
  }
  if (masks) await writeMasks(files, tomograms, embedder, settings);
  return await writeOutput(files, { settings, networks, examples, tomograms, start });
}
