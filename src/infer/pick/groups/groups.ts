import { createRandom } from "../../../volume/index.js";
import { clusterNeighbours, MERGE_THRESHOLD, sharedNeighbourGraph } from "../../cluster/cluster-embeddings.js";
import { findCommunities } from "../../cluster/communities.js";
import { mergeCommunities } from "../../cluster/merge-communities.js";
import { nearestNeighbours } from "../../cluster/nearest.js";
import type { Embedded } from "../../embedder.js";
import { normaliseRows } from "../test-time-averaging.js";

/** Groups of candidates that are more like each other than like the rest. */
export interface CandidateGroups {
  /** The mean direction of each group. */
  readonly centres: Embedded;
  /** Candidates in each group. */
  readonly sizes: readonly number[];
  /** Group of each candidate. */
  readonly labels: Int32Array;
}

/** Groups as `clusterEmbeddings` finds them may hold two related complexes; finer ones do not. */
const FINE_RESOLUTION = 2;
/** Where there are fewer of the coarse groups, with at least so many members, fine ones would be pieces of one complex. */
const DIVERSE = 8;
const LEAST_MEMBERS = 5;

/**
 * Groups the candidates of a tomogram, at least one, by their embeddings alone: nobody says what classes there are. Undefined
 * where the candidates are of few kinds.
 */
export function groupCandidates({ embeddings, size }: Embedded): CandidateGroups | undefined {
  const neighbours = clusterNeighbours(embeddings.length / size);
  const nearest = nearestNeighbours(embeddings, size, { neighbours });
  const graph = sharedNeighbourGraph(nearest, nearest.neighbours);
  const communities = (resolution: number) =>
    findCommunities(graph, { random: createRandom("groups of candidates"), resolution });
  const coarse = mergeCommunities(communities(1), nearest, { neighbours, threshold: MERGE_THRESHOLD });
  if (sizesOf(coarse).filter((count) => count >= LEAST_MEMBERS).length < DIVERSE) return undefined;
  const labels = communities(FINE_RESOLUTION);
  const sizes = sizesOf(labels);
  const centres = new Float32Array(sizes.length * size);
  labels.forEach((label, candidate) => {
    for (let j = 0; j < size; j++) centres[label * size + j] += embeddings[candidate * size + j];
  });
  normaliseRows(centres, size);
  return { centres: { embeddings: centres, size }, sizes, labels };
}

function sizesOf(labels: Int32Array): number[] {
  const sizes: number[] = [];
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}
