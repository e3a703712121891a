/** One tomogram of a pick of many: its own lists, and what is gathered later. */
import { removeFolder, withStagedFiles } from "../../../files/disk/index.js";
import { keptWarnings } from "../../../progress.js";
import type { PickSlice } from "../../../report/index.js";
import { loadNetworks, tomogramWorkFolder } from "../../search/index.js";
import { writeLists } from "../lists.js";
import { type PickOptions, pickSettings } from "../options.js";
import { classCounts, listComments, type PickedClass, summaryOf, type TomogramSummary } from "../output.js";
import { reportSlices } from "../report/slices.js";
import { identifyScales, measureScales } from "../search-scales.js";
import { type FoundInTomogram, foundOf } from "./found.js";
import { type PickLead, scalesOf } from "./lead.js";

/** A tomogram of a pick of many. */
export interface PickedOne {
  /** For `gatherPicks`. */
  readonly found: FoundInTomogram;
  /** Its middle with what was picked; undefined where there is no candidate. */
  readonly slice: PickSlice | undefined;
  readonly summary: TomogramSummary;
  readonly classes: readonly PickedClass[];
}

/**
 * Finds and identifies the particles of one of the tomograms: what `pick` of all finds in it. Writes its lists, as `pick` of it
 * alone would, into the output folder.
 * @param path one of `tomogramPaths`
 * @throws as `pick`.
 */
export async function pickOneTomogram(options: PickOptions, path: string, lead: PickLead): Promise<PickedOne> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const all = { ...pickSettings(options), onWarning };
  const index = all.tomogramPaths.indexOf(path);
  await using networks = await loadNetworks(all);
  const scales = scalesOf(lead, networks, all);
  return await withStagedFiles(all.outputFolder, { lastFile: "picks.star", overwrite: true }, async (files) => {
    await using measured = await measureScales(path, scales, all);
    const tomogram = await identifyScales(measured, lead.leads, scales, all);
    const { examples } = scales[0];
    const settings = { ...all, tomogramPaths: [path], tomogramNames: all.tomogramNames && [all.tomogramNames[index]!] };
    await writeLists(
      files,
      { settings, examples, tomograms: [tomogram] },
      listComments({ settings, networks, examples }),
    );
    const slices = tomogram.candidates.length > 0 ? await reportSlices(tomogram, settings) : [];
    return {
      found: foundOf(tomogram, warnings, { keepEmbeddings: settings.embeddings }),
      slice: slices[slices.length >> 1],
      summary: summaryOf(tomogram),
      classes: classCounts(examples, [tomogram]),
    };
  });
}

/** Removes what the search of a tomogram left for a later run. @throws FileError. */
export async function forgetWork(options: PickOptions, path: string, { scales }: PickLead): Promise<void> {
  const settings = pickSettings(options);
  for (const { particleDiameterAngstrom } of scales)
    await removeFolder(await tomogramWorkFolder(path, { ...settings, particleDiameterAngstrom }));
}
