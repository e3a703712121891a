/** A tomogram at every scale: searched, then looked through for what is like the examples, and its candidates identified. */
import { realPath } from "../../files/disk/index.js";
import {
  contrastWarnings,
  type FoundSoFar,
  type Networks,
  type SearchedTomograms,
  searchTomograms,
} from "../search/index.js";
import {
  checkFilaments,
  type Lead,
  leadingExamples,
  type MeasuredTomogram,
  measureGreyEvidence,
  searchByExamples,
} from "./by-example/index.js";
import { emptyDoubts, negativeDoubts, tomogramDoubts } from "./doubts.js";
import { exampleDisagreements } from "./example-doubts.js";
import { type IdentifiedSearch, identifyCandidates } from "./identify.js";
import { identifiedAgain, type LearntAtScales, learnAtScales, lessonsOf } from "./learning/learn-together.js";
import { placedIn, readListedParticles } from "./listed/listed-particles.js";
import type { PickSettings } from "./options.js";
import { type IdentifiedSearches, type PickedTomogram, pickedTomogram } from "./picked-tomogram.js";
import { type PickScale, type PickScales, planScales } from "./scales.js";
import { statedVoxelSizeOf } from "./stated-voxel-size.js";

/** The scales that the examples ask for, with what is odd about examples told. @throws as `planScales`; ConfigError for unknown classes. */
export async function openScales(networks: Networks, settings: PickSettings): Promise<PickScales> {
  const { closedSet, onWarning } = settings;
  if (!closedSet && networks.embedder.description.similarity !== "cosine")
    onWarning?.("this model compares by a trained distance: every candidate is assigned to one of the classes");
  const listed = settings.particles && (await readListedParticles(settings.particles, settings));
  const [first, ...others] = await planScales(networks, settings);
  checkFilaments(first.examples, settings);
  const scales: PickScales = [{ ...first, listed }, ...others.map((scale) => ({ ...scale, listed }))];
  for (const doubt of exampleDisagreements(scales)) onWarning?.(doubt);
  return scales;
}

/** A tomogram as the detector has searched it, at each scale; its files stay open. */
export interface MeasuredScales extends AsyncDisposable {
  readonly measured: readonly MeasuredTomogram[];
}

/** @throws as `searchTomograms`; no file then stays open. */
export async function measureScales(path: string, scales: PickScales, settings: PickSettings): Promise<MeasuredScales> {
  const open: SearchedTomograms[] = [];
  const close = async () => {
    for (const found of open) await found[Symbol.asyncDispose]();
  };
  const measured: MeasuredTomogram[] = [];
  try {
    for (const scale of scales) {
      const own = reporting(scale, path, scales, settings);
      const tomogram = await realPath(path);
      // What the search before has seen and measured of the tomogram holds for the others.
      const before = measured.at(-1)?.searched;
      const listed = own.examples.listedVoxelSizes.get(tomogram) ?? (await statedVoxelSizeOf(path, settings));
      const found = await searchTomograms([path], own.networks, {
        ...own.settings,
        keepFeatures: settings.searchByExamples,
        listed: own.listed && ((grid) => placedIn(grid, own.listed?.get(path) ?? [])),
        ...{ narrowestAngstrom: smallestDiameter(own), listedVoxelSizes: new Map(listed && [[tomogram, listed]]) },
        contrasts: before ? new Map([[tomogram, before.contrast]]) : own.examples.contrasts,
        surveys: new Map(before?.grid.survey ? [[tomogram, before.grid.survey]] : []),
      });
      open.push(found);
      for (const searched of found.tomograms)
        measured.push({ searched, greys: await measureGreyEvidence(searched, own) });
    }
    return { measured, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the examples that lie in tomograms say of where to look in all: one at each scale. */
export interface Leads extends AsyncDisposable {
  readonly leads: readonly Lead[];
  /** The tomograms that hold examples, which had to be searched for it, by path. */
  readonly measured: ReadonlyMap<string, MeasuredScales>;
}

/** @throws as `measureScales`; no file then stays open. */
export async function leadScales(scales: PickScales, settings: PickSettings): Promise<Leads> {
  const measured = new Map<string, MeasuredScales>();
  const close = async () => {
    for (const one of measured.values()) await one[Symbol.asyncDispose]();
  };
  try {
    for (const path of settings.searchByExamples ? await tomogramsOfExamples(scales, settings) : [])
      measured.set(path, await measureScales(path, scales, settings));
    const all = [...measured.values()];
    const leads: Lead[] = [];
    for (const [i, scale] of scales.entries())
      leads.push(
        await leadingExamples(
          all.map((one) => one.measured[i]!),
          scale,
        ),
      );
    return { leads, measured, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of the tomograms those that examples lie in. */
async function tomogramsOfExamples(
  [{ examples }]: PickScales,
  { tomogramPaths }: Pick<PickSettings, "tomogramPaths">,
): Promise<string[]> {
  const own = new Set(examples.boxes.flatMap(({ specimen, positionAngstrom }) => (positionAngstrom ? [specimen] : [])));
  const real = await Promise.all(tomogramPaths.map((path) => realPath(path).catch(() => undefined)));
  return tomogramPaths.filter((_, i) => real[i] !== undefined && own.has(real[i]));
}

/** Tomograms with all that was found in them, whose files stay open. */
interface PickedTomograms extends AsyncDisposable {
  readonly tomograms: readonly PickedTomogram[];
}

/** One tomogram after the other, those that hold examples first searched to lead the others. @throws as `measureScales`; no file then stays open. */
export async function pickTomograms(scales: PickScales, settings: PickSettings): Promise<PickedTomograms> {
  const { leads, measured, ...searched } = await leadScales(scales, settings);
  const open: AsyncDisposable[] = [searched];
  const close = async () => {
    for (const one of open) await one[Symbol.asyncDispose]();
  };
  const identified: IdentifiedTomogram[] = [];
  const tomograms: PickedTomogram[] = [];
  try {
    for (const path of settings.tomogramPaths) {
      const own = measured.get(path) ?? (await measureScales(path, scales, settings));
      if (!measured.has(path)) open.push(own);
      identified.push(await identifyScales(own, leads, scales, settings));
    }
    const lessons = identified.map(({ searches }, i) => lessonsOf(searches, i, identified.length));
    const learnt = await learnAtScales(lessons, scales);
    for (const one of identified) tomograms.push(await settleTomogram(one, learnt, settings));
    return { tomograms, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A tomogram whose candidates have been identified by themselves. */
export interface IdentifiedTomogram {
  readonly searches: IdentifiedSearches;
  /** What depends on each example, by the candidates of this tomogram alone. */
  readonly dependence: PickedTomogram["dependence"];
}

/** What the candidates of a tomogram are by themselves. @throws FileError, ModelError, AbortError. */
export async function identifyScales(
  { measured }: MeasuredScales,
  leads: readonly Lead[],
  scales: PickScales,
  settings: PickSettings,
): Promise<IdentifiedTomogram> {
  const identified: IdentifiedSearch[] = [];
  for (const [i, scale] of scales.entries()) {
    const tomogram = measured[i]!;
    const own = reporting(scale, tomogram.searched.grid.path, scales, settings);
    identified.push(await identifyCandidates(await searchByExamples(tomogram, leads[i]!, own, own.settings), own));
  }
  const [first, ...others] = identified;
  const searches = [first!, ...others] as const; // there is one scale at least
  return { searches, dependence: (await pickedTomogram(searches, settings)).dependence };
}

/**
 * What was found in a tomogram, as classes see it that have learnt from all, with what is odd about it told.
 * @throws FileError, AbortError.
 */
export async function settleTomogram(
  { searches, dependence }: IdentifiedTomogram,
  learnt: LearntAtScales,
  settings: PickSettings,
): Promise<PickedTomogram> {
  const picked = await pickedTomogram(await identifiedAgain(searches, learnt), settings, dependence);
  settings.onFound?.(identifiedSoFar(picked));
  const { grid, contrast } = picked.searched;
  for (const warning of grid.warnings) settings.onWarning?.(`${grid.path}: ${warning}`);
  for (const warning of contrastWarnings(contrast, grid.path)) settings.onWarning?.(warning);
  for (const doubt of tomogramDoubts(picked, settings)) settings.onWarning?.(`${grid.path}: ${doubt}`);
  for (const doubt of [...negativeDoubts(picked), ...emptyDoubts(picked)]) settings.onWarning?.(doubt);
  return picked;
}

function identifiedSoFar({ searched, candidates }: PickedTomogram): FoundSoFar {
  return {
    ...{ tomogramPath: searched.grid.path, isIdentified: true },
    particles: candidates.map(({ positionAngstrom, radiusAngstrom, score, probability, accepted, ...candidate }) => ({
      ...{ positionAngstrom, radiusAngstrom, score, probability, isPick: accepted },
      className: candidate.search.examples.names[candidate.classIndex],
    })),
  };
}

function smallestDiameter({ classes }: PickScale): number | undefined {
  const known = classes.flatMap(({ diameterAngstrom }) => diameterAngstrom ?? []);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}

/** The scale, whose progress says in which tomogram and at which voxels, where there are several. */
function reporting(scale: PickScale, path: string, scales: PickScales, settings: PickSettings): PickScale {
  const { onProgress, tomogramPaths } = settings;
  const voxel = scale.networks.embedder.description.voxelSizeAngstrom;
  const where = [
    ...(tomogramPaths.length > 1 ? [`${tomogramPaths.indexOf(path) + 1} of ${tomogramPaths.length}: `] : []),
    ...(scales.length > 1 ? [`at ${Number(voxel.toFixed(1))} Å: `] : []),
  ].join("");
  if (!onProgress || where === "") return scale;
  const told: typeof onProgress = (step) => onProgress({ ...step, stage: `${where}${step.stage}` });
  return { ...scale, settings: { ...scale.settings, onProgress: told } };
}
