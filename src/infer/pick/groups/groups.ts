import { createRandom } from "../../../volume/index.js";
import { clusterNeighbours, MERGE_THRESHOLD, sharedNeighbourGraph } from "../../cluster/cluster-embeddings.js";
import { findCommunities, type WeightedGraph } from "../../cluster/communities.js";
import { mergeCommunities } from "../../cluster/merge-communities.js";
import { type NearestNeighbours, nearestNeighbours } from "../../cluster/nearest.js";
import { COMPARED_NEIGHBOURS, CORRELATION_WEIGHT, orientedNeighbours } from "../../cluster/oriented-neighbours.js";
import type { Embedded } from "../../embedder.js";
import type { CompareNeighbours } from "../../orientation/index.js";
import { normaliseRows } from "../test-time-averaging.js";
import { type Cohesion, cohesionOf } from "./cohesion.js";
import { membershipsByVote } from "./memberships.js";

/** Groups of candidates that are more like each other than like the rest. */
export interface CandidateGroups {
  /** The mean direction of each group. */
  readonly centres: Embedded;
  /** Candidates in each group. */
  readonly sizes: readonly number[];
  /** Group of each candidate. */
  readonly labels: Int32Array;
  /** What orientations tell besides; undefined where they were not compared. */
  readonly oriented?: OrientedGroups | undefined;
}

/** Groups that are of one complex each, as candidates were turned onto each other. */
export interface OrientedGroups {
  /** How far each candidate is of each group, `[candidates, groups]`, rows summing to 1. */
  readonly memberships: Float32Array;
  /** See `OrientedNeighbours`. */
  readonly levels: Float32Array;
  /** Of each group. */
  readonly cohesion: readonly Cohesion[];
}

/**
 * Groups as `clusterEmbeddings` finds them may hold two related complexes; finer ones do not. Of few candidates, some dozen a complex, they
 * can be finer still; complexes of which there are a hundred would fall to pieces.
 */
const [FINE_RESOLUTION, FINEST_RESOLUTION] = [2, 3] as const;
/** Candidates that are few. */
const FEW = 500;
/** Where there are fewer of the coarse groups, with at least so many members, fine ones would be pieces of one complex. */
const DIVERSE = 8;
const LEAST_MEMBERS = 5;

/**
 * Groups the candidates of a tomogram, at least one, by their embeddings and, where they can be compared, by their orientations:
 * nobody says what classes there are. Undefined where the candidates are of few kinds.
 * @param compare turns candidates onto each other; without it, or without their spectra, embeddings alone make the groups, of which
 * some are then of two relatives.
 * @throws as `compare` does.
 */
export async function groupCandidates(
  { embeddings, size, spectra }: Embedded,
  compare?: CompareNeighbours,
): Promise<CandidateGroups | undefined> {
  const neighbours = clusterNeighbours(embeddings.length / size);
  const nearest = nearestNeighbours(embeddings, size, { neighbours: COMPARED_NEIGHBOURS });
  const graphOf = (points: NearestNeighbours) => sharedNeighbourGraph(points, Math.min(neighbours, points.neighbours));
  const communities = (graph: WeightedGraph, resolution: number) =>
    findCommunities(graph, { random: createRandom("groups of candidates"), resolution });
  const graph = graphOf(nearest);
  const coarse = mergeCommunities(communities(graph, 1), nearest, { neighbours, threshold: MERGE_THRESHOLD });
  if (sizesOf(coarse).filter((count) => count >= LEAST_MEMBERS).length < DIVERSE) return undefined;
  const oriented =
    compare &&
    spectra &&
    (await orientedNeighbours({ embeddings, size, spectra }, nearest, compare, CORRELATION_WEIGHT.grouped));
  const resolution = oriented && coarse.length < FEW ? FINEST_RESOLUTION : FINE_RESOLUTION;
  const labels = communities(oriented ? graphOf(oriented.nearest) : graph, resolution);
  const sizes = sizesOf(labels);
  const centres = new Float32Array(sizes.length * size);
  labels.forEach((label, candidate) => {
    for (let j = 0; j < size; j++) centres[label * size + j] += embeddings[candidate * size + j];
  });
  normaliseRows(centres, size);
  return {
    ...{ centres: { embeddings: centres, size }, sizes, labels },
    oriented: oriented && {
      memberships: membershipsByVote(oriented.nearest, { labels, groupCount: sizes.length, own: labels }),
      levels: oriented.levels,
      cohesion: cohesionOf(labels, sizes.length, { indices: nearest.indices, correlations: oriented.correlations }),
    },
  };
}

function sizesOf(labels: Int32Array): number[] {
  const sizes: number[] = [];
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}
