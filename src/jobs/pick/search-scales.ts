/** Every tomogram searched at every scale, and its candidates identified. */
import { realPath } from "../../files/disk/index.js";
import type { TomogramSurvey } from "../../files/tomogram/index.js";
import type { Contrast } from "../../infer/index.js";
import { type SearchedTomograms, searchTomograms } from "../search/index.js";
import { leadingExamples, type MeasuredTomogram, measureGreyEvidence, searchByExamples } from "./by-example/index.js";
import { type IdentifiedSearch, identifyCandidates } from "./identify.js";
import type { PickSettings } from "./options.js";
import { type PickedTomogram, pickedTomogram } from "./picked-tomogram.js";
import type { PickScale } from "./scales.js";

/** Tomograms with all that was found in them, whose files stay open. */
export interface PickedTomograms extends AsyncDisposable {
  readonly tomograms: readonly PickedTomogram[];
}

/** @throws as `searchTomograms`; no file then stays open. */
export async function searchScales(scales: readonly PickScale[], settings: PickSettings): Promise<PickedTomograms> {
  const open: SearchedTomograms[] = [];
  const close = async () => {
    for (const found of open) await found[Symbol.asyncDispose]();
  };
  try {
    const searches = settings.tomogramPaths.map((): IdentifiedSearch[] => []);
    let contrasts: ReadonlyMap<string, Contrast> = new Map();
    const surveys = new Map<string, TomogramSurvey>();
    for (const scale of scales) {
      contrasts = new Map([...scale.examples.contrasts, ...contrasts]);
      const onProgress = progressOf(scale, scales);
      const found = await searchTomograms(settings.tomogramPaths, scale.networks, {
        ...scale.settings,
        keepFeatures: settings.searchByExamples,
        ...{ narrowestAngstrom: smallestDiameter(scale), listedVoxelSizes: scale.examples.listedVoxelSizes },
        ...{ contrasts, surveys, onProgress },
      });
      open.push(found);
      const measured: MeasuredTomogram[] = [];
      for (const searched of found.tomograms)
        measured.push({ searched, greys: await measureGreyEvidence(searched, scale) });
      const lead = await leadingExamples(measured, scale);
      for (const [i, tomogramMeasured] of measured.entries()) {
        const { searched } = tomogramMeasured;
        // What the first search has seen and measured of a tomogram holds for the others.
        const tomogram = await realPath(searched.grid.path);
        contrasts = new Map([...contrasts, [tomogram, searched.contrast]]);
        if (searched.grid.survey) surveys.set(tomogram, searched.grid.survey);
        const byExamples = await searchByExamples(tomogramMeasured, lead, scale, {
          onProgress,
          signal: settings.signal,
        });
        searches[i]!.push(await identifyCandidates(byExamples, scale));
      }
    }
    const tomograms: PickedTomogram[] = [];
    for (const [first, ...others] of searches)
      if (first) tomograms.push(await pickedTomogram([first, ...others], settings));
    return { tomograms, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function smallestDiameter({ classes }: PickScale): number | undefined {
  const known = classes.flatMap(({ diameterAngstrom }) => diameterAngstrom ?? []);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}

/** Says at which voxels, where there are several searches. */
function progressOf({ networks, settings }: PickScale, { length }: readonly PickScale[]): PickSettings["onProgress"] {
  const { onProgress } = settings;
  if (!onProgress || length === 1) return onProgress;
  const at = `at ${Number(networks.embedder.description.voxelSizeAngstrom.toFixed(1))} Å: `;
  return (step) => onProgress({ ...step, stage: `${at}${step.stage}` });
}
