/** Which class each candidate is of, and what that depends on. */
import {
  adaptedEmbedder,
  bestSimilarities,
  type CutOffRow,
  classSimilarities,
  cutOffTable,
  type ExampleDependence,
  exampleCounts,
  exampleDependence,
  type Identity,
  identify,
  type OpenSetModel,
  weighBank,
} from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { Networks, SearchedCandidate, SearchedTomogram } from "../search/index.js";
import type { Examples } from "./examples.js";
import { openSetFor, simulateBank } from "./open-set.js";
import type { PickSettings } from "./options.js";

/** A candidate with what it is. */
export interface IdentifiedCandidate extends SearchedCandidate, Identity {
  /**
   * It is a pick: its class is one that is looked for, and it is more probable that it is of one of the classes than that it
   * is of none.
   */
  readonly accepted: boolean;
  /** By this picks are ranked: detection score times probability of the class. */
  readonly pickScore: number;
}

/** A tomogram with what was found in it. */
export interface PickedTomogram {
  readonly searched: SearchedTomogram;
  readonly candidates: readonly IdentifiedCandidate[];
  /** Undefined when every particle is of one of the classes. */
  readonly openSet: OpenSetModel | undefined;
  readonly cutOffs: readonly CutOffRow[];
  readonly dependence: readonly ExampleDependence[];
}

/** @throws FileError, AbortError. */
export async function identifyCandidates(
  searched: SearchedTomogram,
  { supports, wantedClasses }: Examples,
  networks: Networks,
  settings: PickSettings,
): Promise<PickedTomogram> {
  const { embedded } = searched;
  const { description } = networks.embedder;
  const openSet =
    settings.closedSet || description.similarity !== "cosine"
      ? undefined
      : await learnOpenSet(searched, supports, networks, settings);
  const options = { description, openSet, refine: settings.learn };
  const identities = identify(embedded, supports, options);
  const candidates = searched.candidates.map((candidate, i): IdentifiedCandidate => {
    const identity = identities[i]!;
    const { classIndex, probability, knownProbability } = identity;
    const accepted = classIndex < wantedClasses && probability >= settings.cutOff && knownProbability >= 0.5;
    return { ...candidate, ...identity, accepted, pickScore: probability * candidate.score };
  });
  const acceptedIndices = candidates.flatMap(({ accepted }, index) => (accepted ? [index] : []));
  const ofWanted = candidates.filter(({ classIndex }) => classIndex < wantedClasses);
  await breathe(settings.signal);
  return {
    ...{ searched, candidates, openSet },
    cutOffs: cutOffTable(ofWanted.map(({ probability }) => probability)),
    dependence: exampleDependence(embedded, supports, acceptedIndices, options),
  };
}

/** What similarities tell of being of an offered class, in this tomogram, for these classes and examples. */
async function learnOpenSet(
  searched: SearchedTomogram,
  supports: Examples["supports"],
  { embedder, trainedEmbedder }: Networks,
  settings: PickSettings,
): Promise<OpenSetModel> {
  const { classCount } = supports;
  // Made-up complexes are as large in voxels as those of training, whatever the voxels are.
  const bank = await simulateBank(searched, adaptedEmbedder(trainedEmbedder, searched.adaptation), settings);
  const similarities = classSimilarities(searched.embedded, supports, embedder.description);
  return openSetFor(weighBank(bank, searched.embedded), bestSimilarities(similarities, classCount), {
    ...{ classCount, seed: settings.seed },
    shots: median(exampleCounts(supports.labels, classCount)),
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 1;
}
