/** Which class each candidate is of, and what that depends on. */

import { digestOf } from "../../files/disk/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import {
  averageFits,
  bestSimilarities,
  classSimilarities,
  compareOrientations,
  type Embedded,
  exampleCounts,
  exampleFits,
  groupCandidates,
  type IdentifyOptions,
  type Identity,
  identify,
  type LearntTogether,
  lessPenalties,
  membershipsAmong,
  type OpenSetModel,
  type OpenSetOdds,
  type OrientationEvidence,
  similaritiesAmongGroups,
  type ToldClasses,
  toldClasses,
  toldGroups,
  weighBank,
  withKnownShare,
} from "../../infer/index.js";
import { median } from "../../volume/index.js";
import { recalled, type SearchedCandidate, type SearchedTomogram, turned, turning } from "../search/index.js";
import type { Filament, SearchedByExamples } from "./by-example/index.js";
import type { Examples } from "./examples.js";
import { openSetOdds } from "./learning/open-set.js";
import type { PickSettings } from "./options.js";
import { simulateBank } from "./other-complexes.js";
import type { PickScale } from "./scales.js";

/** What keeps a candidate from being a pick; `REJECTIONS` has the words. */
export type Rejection = "none" | "negative" | "empty" | "border" | "cut-off" | "same";

/** A candidate with what it is. */
export interface IdentifiedCandidate extends SearchedCandidate, Identity {
  /**
   * It is a pick: its class is one that is looked for, and its probability is not below the cut-off. Where no cut-off is given, it is more
   * probable that it is of one of the classes than that it is of none; at the border its probability is one half or more, too.
   */
  readonly accepted: boolean;
  /** Why it is not a pick. */
  readonly rejection: Rejection | undefined;
  /** By this picks are ranked: detection score times probability of the class. */
  readonly pickScore: number;
}

/** A searched tomogram without what only the search and the comparison of orientations need. */
export type ComparedTomogram = Omit<SearchedTomogram, "features" | "embedded">;

/** A tomogram searched at one scale, with what its candidates are, and all that identifying them again takes. */
export interface IdentifiedSearch extends PickScale {
  readonly searched: ComparedTomogram;
  /** Classes at whose examples there is nothing: they are not picked. */
  readonly empty: ReadonlySet<number>;
  /** Classes that are filaments, with what looks like them. */
  readonly filaments: ReadonlyMap<number, Filament>;
  /** Those of the candidates; spectra where they are compared with those of other tomograms. */
  readonly embedded: Pick<Embedded, "embeddings" | "size" | "spectra">;
  /** As the candidates of this tomogram alone have it, but for the evidence. */
  readonly identifying: Omit<IdentifyOptions, "evidence" | "learnt" | "memberships" | "told">;
  readonly evidence: OrientationEvidence | undefined;
  /** Undefined when every particle is of one of the classes. */
  readonly odds: KnownOdds | undefined;
  readonly openSet: OpenSetModel | undefined;
  /** Where they are of few kinds: what averages tell of their classes, as long as no others teach. */
  readonly told: ToldClasses | undefined;
  /** What each of the candidates is, but for what averages tell. */
  readonly identities: readonly Identity[];
}

/** The odds of being of one of the classes, as the examples alone show them, and as they have learnt beside groups of candidates. */
interface KnownOdds {
  readonly ofExamples: OpenSetOdds;
  readonly ofLearnt: OpenSetOdds;
}

/** By the candidates of this tomogram alone. @throws FileError, AbortError. */
export async function identifyCandidates(byExamples: SearchedByExamples, scale: PickScale): Promise<IdentifiedSearch> {
  const { searched, greys, empty, filaments } = byExamples;
  const { networks, settings, examples } = scale;
  const { supports } = examples;
  const { features: _, embedded, ...compared } = searched;
  const { description } = networks.embedder;
  const isCosine = description.similarity === "cosine";
  const penalties = await greys.penalties(searched.candidates.map(({ positionAngstrom }) => positionAngstrom));
  const isOpen = !settings.closedSet && isCosine && searched.candidates.length > 0;
  const groups = isOpen ? await groupsOf(searched, settings) : undefined;
  const { embeddings, size, spectra } = embedded;
  const turning = turned(searched.adaptation.geometry?.tiltDegrees, settings);
  const fits =
    groups?.oriented && spectra && (await exampleFits(supports, { embeddings, size, spectra }, groups, turning));
  const closed = { description, refine: settings.learn, groups, fits, penalties };
  const odds = isOpen ? await learnOdds(searched, scale) : undefined;
  const openSet = odds && openSetOf(odds, embedded, supports, closed);
  const identifying = { ...closed, openSet };
  const evidence =
    settings.compareOrientations && isCosine
      ? await evidenceOf(byExamples, supports, identifying, settings)
      : undefined;
  const told = isOpen && !groups && filaments.size === 0 ? await toldOf(searched, scale) : undefined;
  const kept = { embeddings, size, ...(spectra && settings.tomogramPaths.length > 1 && { spectra }) };
  return {
    ...{ ...scale, searched: compared, empty, filaments, embedded: kept },
    ...{ identifying, evidence, odds, openSet, told },
    identities: identify(embedded, supports, { ...identifying, evidence }),
  };
}

/** What classes have learnt from the candidates of several tomograms. */
export interface LearntFromTomograms extends LearntTogether {
  /** As those were compared. */
  readonly tiltDegrees: number | undefined;
}

/** The same candidates, as classes see them that have learnt from those of other tomograms, too. @throws ModelError, AbortError. */
export async function identifyAgain(search: IdentifiedSearch, learnt: LearntFromTomograms): Promise<IdentifiedSearch> {
  const { embedded, examples, identifying, evidence, odds, settings } = search;
  const { supports } = examples;
  const { embeddings, size, spectra } = embedded;
  const { taught, tiltDegrees } = learnt;
  const memberships =
    taught && spectra && (await membershipsAmong({ embeddings, size, spectra }, taught, turned(tiltDegrees, settings)));
  const again = { ...identifying, learnt, memberships };
  const openSet = odds && openSetOf(odds, embedded, supports, again);
  return { ...search, openSet, identities: identify(embedded, supports, { ...again, openSet, evidence }) };
}

/** The same candidates, as averages of them tell, where they do. */
export function identifyAsTold(search: IdentifiedSearch): IdentifiedSearch {
  const { embedded, examples, identifying, evidence, told } = search;
  if (!told) return search;
  return { ...search, identities: identify(embedded, examples.supports, { ...identifying, told, evidence }) };
}

/** The candidates of a search with what is made of what they are. */
export function identifiedCandidates(search: IdentifiedSearch): IdentifiedCandidate[] {
  const { searched, identities, settings, examples, empty } = search;
  const { wantedClasses } = examples;
  return searched.candidates.map((found, i): IdentifiedCandidate => {
    const identity = identities[i]!;
    const candidate = search.listed ? { ...found, radiusAngstrom: radiusAsOf(identity, search, found) } : found;
    const lowest = lowestProbability(candidate, searched, settings);
    const rejection = rejectionOf(identity, { wantedClasses, empty, lowest, cutOff: settings.cutOff });
    const pickScore = identity.probability * candidate.score;
    return { ...candidate, ...identity, accepted: rejection === undefined, rejection, pickScore };
  });
}

/** A list says nothing of sizes: as large as the examples are, else as the mask is. */
function radiusAsOf({ classIndex }: Identity, { classes }: PickScale, { radiusAngstrom }: SearchedCandidate): number {
  const diameter = classes.find(({ label }) => label === classIndex)?.diameterAngstrom;
  return diameter === undefined ? radiusAngstrom : diameter / 2;
}

/** They depend on the candidates alone. @throws ModelError, AbortError. */
async function groupsOf({ embedded, adaptation }: SearchedTomogram, settings: PickSettings) {
  const tiltDegrees = adaptation.geometry?.tiltDegrees;
  const { memory, compareOrientations: isCompared } = settings;
  const compare = isCompared ? turned(tiltDegrees, settings) : undefined;
  const grouped = async () => ({ groups: await groupCandidates(embedded, compare) });
  const key = `groups ${digestOf(embedded.embeddings)}${isCompared ? ` turned ${tiltDegrees}` : ""}`;
  return (await recalled(memory, key, grouped)).groups;
}

/** What averages tell of few kinds of candidates; undefined where they tell nothing or classes do not learn. @throws ModelError, AbortError. */
async function toldOf(
  { embedded, adaptation }: SearchedTomogram,
  { networks, settings, examples: { supports } }: PickScale,
): Promise<ToldClasses | undefined> {
  const { embeddings, size, spectra } = embedded;
  if (!settings.learn || !settings.compareOrientations || !spectra) return undefined;
  const tiltDegrees = adaptation.geometry?.tiltDegrees;
  const { compare, openAverager } = turning(tiltDegrees, settings);
  await using averager = await openAverager(spectra);
  const key = `averages ${digestOf(embeddings)} ${tiltDegrees}`;
  const candidates = { embeddings, size, spectra };
  const groups = await recalled(settings.memory, key, () => toldGroups(candidates, compare, averager));
  if (groups.averages.length === 0) return undefined;
  const fits = await averageFits(supports, groups, averager);
  return fits && toldClasses(candidates, supports, groups, fits, networks.embedder.description);
}

/** What orientations tell of the candidates' classes, by examples and, if classes may learn, by the surest candidates. */
function evidenceOf(
  { searched: { embedded, adaptation }, filaments, empty }: SearchedByExamples,
  supports: Examples["supports"],
  identifying: IdentifyOptions,
  { threads, learn, memory, onProgress, signal }: PickSettings,
): Promise<OrientationEvidence | undefined> {
  const similarities = classSimilarities(embedded, supports, identifying.description);
  return compareOrientations(
    nodeRuntime,
    { embedded, examples: supports, similarities },
    {
      ...{ tiltDegrees: adaptation.geometry?.tiltDegrees, threads, signal },
      leftOut: new Set([...filaments.keys(), ...empty]),
      memory: memory?.correlations,
      identify: learn ? (evidence) => identify(embedded, supports, { ...identifying, evidence }) : undefined,
      onProgress: (stage, done, total) => onProgress?.({ stage, done, total }),
    },
  );
}

/** Undefined for a pick. */
function rejectionOf(
  { classIndex, knownProbability, probability }: Identity,
  limits: { wantedClasses: number; empty: ReadonlySet<number>; lowest: number; cutOff: number | undefined },
): Rejection | undefined {
  const { wantedClasses, empty, lowest, cutOff } = limits;
  // A cut-off that is given decides alone.
  if (knownProbability < 0.5 && (cutOff === undefined || probability < cutOff)) return "none";
  if (classIndex >= wantedClasses) return "negative";
  if (empty.has(classIndex)) return "empty";
  if (probability >= lowest) return undefined;
  return cutOff === undefined ? "border" : "cut-off";
}

/** Where a part of the particle is outside, an answer must be more probably right than wrong. */
const LOWEST_AT_BORDER = 0.5;

function lowestProbability(
  { positionAngstrom: { x, y, z }, radiusAngstrom: radius }: SearchedCandidate,
  { grid: { sizeAngstrom: size } }: ComparedTomogram,
  { cutOff, closedSet }: PickSettings,
): number {
  const isInside = Math.min(x, y, z, size.x - x, size.y - y, size.z - z) >= radius;
  return cutOff ?? (isInside || closedSet ? 0 : LOWEST_AT_BORDER);
}

/** A class that has learnt from candidates is as well known as from so many examples more. */
const LEARNT_EXAMPLES = 3;

/** What similarities tell of being of an offered class, in this tomogram, for these classes and examples. */
async function learnOdds(
  searched: SearchedTomogram,
  { networks, settings, examples: { supports } }: PickScale,
): Promise<KnownOdds> {
  const { classCount, labels } = supports;
  const bank = weighBank(await simulateBank(searched, networks, settings), searched.embedded);
  const shots = median(exampleCounts(labels, classCount));
  const oddsFor = (examples: number) => openSetOdds(bank, { ...{ classCount, seed: settings.seed }, shots: examples });
  return { ofExamples: oddsFor(shots), ofLearnt: oddsFor(shots + LEARNT_EXAMPLES) };
}

/** The odds with the fraction of candidates that are of an offered class. */
function openSetOf(
  { ofExamples, ofLearnt }: KnownOdds,
  embedded: Embedded,
  supports: Examples["supports"],
  identifying: IdentifyOptions,
): OpenSetModel {
  const learnt = similaritiesAmongGroups(embedded, supports, identifying)?.similarities;
  const { description, penalties } = identifying;
  const similarities = learnt ?? lessPenalties(classSimilarities(embedded, supports, description), penalties);
  return withKnownShare(learnt ? ofLearnt : ofExamples, bestSimilarities(similarities, supports.classCount));
}
