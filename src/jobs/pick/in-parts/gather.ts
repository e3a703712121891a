/** The result of a pick of many tomograms, of what was found in each. */
import { withStagedFiles } from "../../../files/disk/index.js";
import { keptWarnings } from "../../../progress.js";
import { loadNetworks } from "../../search/index.js";
import { learnAtScales, lessonsOf, type TomogramLessons } from "../learning/learn-together.js";
import { type PickOptions, pickSettings } from "../options.js";
import {
  classCounts,
  type PickedClass,
  type PickResult,
  summaryOf,
  type TomogramSummary,
  writeOutput,
} from "../output.js";
import type { PickedSearch, PickedTomogram } from "../picked-tomogram.js";
import { type DrawnSlice, redrawn } from "../report/slices.js";
import { settleTomogram } from "../search-scales.js";
import { createOpenGrids, type FoundInTomogram, identifiedOf } from "./found.js";
import { type PickLead, scalesOf } from "./lead.js";
import { writeOwnLists } from "./own-lists.js";

/** What was found in a tomogram, and where its own lists go. */
export interface FoundSource {
  readonly folder: string;
  /** Called twice. */
  load(): Promise<FoundInTomogram>;
}

/** A tomogram as it was gathered. */
export interface GatheredTomogram {
  readonly summary: TomogramSummary;
  readonly classes: readonly PickedClass[];
  /** A slice of it with what has now been picked. */
  redrawn(slice: DrawnSlice): DrawnSlice;
}

/**
 * Lets the classes learn from the candidates of all tomograms, and writes what `pick` of these tomograms writes, byte for byte but
 * for times, and each tomogram's own lists. What was found is in memory for one tomogram at a time, but for lists and report.
 * @param sources of each of `tomogramPaths`, in their order
 * @throws as writing does; what loading throws; FileError where a tomogram is gone; AbortError.
 */
export async function gatherPicks(
  options: PickOptions,
  lead: PickLead,
  sources: readonly FoundSource[],
): Promise<PickResult & { readonly gathered: readonly GatheredTomogram[] }> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...pickSettings(options), onWarning };
  const start = performance.now();
  await using networks = await loadNetworks(settings);
  const scales = scalesOf(lead, networks, settings);
  const { examples } = scales[0];
  await using grids = createOpenGrids();
  const lessons: TomogramLessons[] = [];
  const told = [...lead.warnings];
  for (const [index, source] of sources.entries()) {
    const found = await source.load();
    for (const warning of found.warnings) told.push(warning);
    lessons.push(lessonsOf(identifiedOf(found, scales, grids).searches, index, sources.length));
  }
  for (const warning of told) onWarning(warning);
  const learnt = await learnAtScales(lessons, scales);
  const tomograms: PickedTomogram[] = [];
  for (const [index, source] of sources.entries()) {
    const identified = identifiedOf(await source.load(), scales, grids);
    const picked = await settleTomogram(identified, learnt, settings);
    await writeOwnLists(source.folder, picked, index, { settings, networks, examples });
    tomograms.push(settings.embeddings ? picked : withoutEmbeddings(picked));
  }
  const run = { settings, networks, scales, examples, tomograms, warnings, start };
  const result = await withStagedFiles(
    settings.outputFolder,
    { lastFile: "picks.star", overwrite: settings.overwrite },
    (files) => writeOutput(files, run),
  );
  return { ...result, gathered: tomograms.map((picked) => gatheredTomogram(picked, examples)) };
}

function gatheredTomogram(picked: PickedTomogram, examples: Parameters<typeof classCounts>[0]): GatheredTomogram {
  return {
    summary: summaryOf(picked),
    classes: classCounts(examples, [picked]),
    redrawn: (slice) => redrawn(slice, picked.candidates),
  };
}

/** Half a kilobyte a candidate, and of no use where they are not written. */
function withoutEmbeddings({ searches, candidates, ...rest }: PickedTomogram): PickedTomogram {
  const embedded = { embeddings: new Float32Array(), size: 0 };
  const without = new Map(searches.map((search) => [search, { ...search, embedded }]));
  const [first, ...others] = without.values();
  return {
    ...{ ...rest, searches: [first!, ...others] as [PickedSearch, ...PickedSearch[]] }, // as many
    candidates: candidates.map((candidate) => ({ ...candidate, search: without.get(candidate.search)! })),
  };
}
