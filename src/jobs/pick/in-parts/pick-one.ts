/** One tomogram of a pick of many: its own lists, and what is gathered later. */
import { removeFolder } from "../../../files/disk/index.js";
import { keptWarnings } from "../../../progress.js";
import { loadNetworks, tomogramWorkFolder } from "../../search/index.js";
import type { StatedParticle } from "../listed/listed-particles.js";
import { type PickOptions, pickSettings } from "../options.js";
import { summaryOf, type TomogramSummary } from "../output.js";
import { pickedTomogram } from "../picked-tomogram.js";
import { type DrawnSlice, reportSlices } from "../report/slices.js";
import { identifyScales, measureScales } from "../search-scales.js";
import { type FoundInTomogram, foundOf } from "./found.js";
import { type PickLead, scalesOf } from "./lead.js";
import { writeOwnLists } from "./own-lists.js";

/** A tomogram of a pick of many. */
export interface PickedOne {
  /** For `gatherPicks`. */
  readonly found: FoundInTomogram;
  /** Its middle with what was picked; undefined where there is no candidate. */
  readonly slice: DrawnSlice | undefined;
  readonly summary: TomogramSummary;
}

/**
 * Finds the particles of one of the tomograms, and identifies them by what is in it alone. Writes its lists, as `pick` of it alone
 * would, into the output folder.
 * @param path one of `tomogramPaths`
 * @param listed its particles, where those of lists are identified in place of a search
 * @throws as `pick`.
 */
export async function pickOneTomogram(
  options: PickOptions,
  path: string,
  lead: PickLead,
  listed?: readonly StatedParticle[],
): Promise<PickedOne> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...pickSettings(options), onWarning };
  await using networks = await loadNetworks(settings);
  const scales = scalesOf(lead, networks, settings, listed && new Map([[path, listed]]));
  await using measured = await measureScales(path, scales, settings);
  const identified = await identifyScales(measured, lead.leads, scales, settings);
  const picked = await pickedTomogram(identified.searches, settings, identified.dependence);
  const run = { settings, networks, examples: scales[0].examples };
  await writeOwnLists(settings.outputFolder, picked, settings.tomogramPaths.indexOf(path), run);
  const slices = picked.candidates.length > 0 ? await reportSlices(picked, settings) : [];
  return { found: foundOf(identified, warnings), slice: slices[slices.length >> 1], summary: summaryOf(picked) };
}

/** Removes what the search of a tomogram left for a later run. @throws FileError. */
export async function forgetWork(options: PickOptions, path: string, { scales }: PickLead): Promise<void> {
  const settings = pickSettings(options);
  for (const { particleDiameterAngstrom } of scales)
    await removeFolder(await tomogramWorkFolder(path, { ...settings, particleDiameterAngstrom }));
}
