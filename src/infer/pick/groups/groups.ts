import { createRandom } from "../../../volume/index.js";
import { clusterNeighbours, MERGE_THRESHOLD, sharedNeighbourGraph } from "../../cluster/cluster-embeddings.js";
import { findCommunities, type WeightedGraph } from "../../cluster/communities.js";
import { mergeCommunities } from "../../cluster/merge-communities.js";
import { type NearestNeighbours, nearestNeighbours } from "../../cluster/nearest.js";
import { COMPARED_NEIGHBOURS, CORRELATION_WEIGHT, orientedNeighbours } from "../../cluster/oriented-neighbours.js";
import type { Embedded } from "../../embedder.js";
import type { Turning } from "../../orientation/index.js";
import { meanDirections, membersOf } from "./centres.js";
import { type GroupAverage, joinPieces } from "./join-pieces.js";
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
  /** Of each group; undefined of those that do not tell what they are. */
  readonly averages: readonly (GroupAverage | undefined)[];
}

/**
 * Groups as `clusterEmbeddings` finds them may hold two related complexes; finer ones do not. Where averages show which of them are pieces
 * of one complex, they can be finer still.
 */
const [FINE_RESOLUTION, FINEST_RESOLUTION] = [2, 3] as const;
/** Where there are fewer of the coarse groups, with at least so many members, fine ones would be pieces of one complex. */
const DIVERSE = 8;
const LEAST_MEMBERS = 5;

/**
 * Groups the candidates of a tomogram, at least one, by their embeddings and, where they can be compared, by their orientations:
 * nobody says what classes there are. Undefined where the candidates are of few kinds.
 * @param turning turns candidates onto each other; without it, or without their spectra, embeddings alone make the groups, of which
 * some are then of two relatives.
 * @throws as `turning` does.
 */
export async function groupCandidates(
  { embeddings, size, spectra }: Embedded,
  turning?: Turning,
): Promise<CandidateGroups | undefined> {
  const neighbours = clusterNeighbours(embeddings.length / size);
  const nearest = nearestNeighbours(embeddings, size, { neighbours: COMPARED_NEIGHBOURS });
  const graphOf = (points: NearestNeighbours) => sharedNeighbourGraph(points, Math.min(neighbours, points.neighbours));
  const communities = (graph: WeightedGraph, resolution: number) =>
    findCommunities(graph, { random: createRandom("groups of candidates"), resolution });
  const graph = graphOf(nearest);
  const coarse = mergeCommunities(communities(graph, 1), nearest, { neighbours, threshold: MERGE_THRESHOLD });
  const isDiverse = membersOf(coarse).filter(({ length }) => length >= LEAST_MEMBERS).length >= DIVERSE;
  if (!isDiverse) return undefined;
  if (!turning || !spectra) return grouped(communities(graph, FINE_RESOLUTION));
  const candidates = { embeddings, size, spectra };
  const found = await orientedNeighbours(candidates, nearest, turning.compare, CORRELATION_WEIGHT.grouped);
  const pieces = communities(graphOf(found.nearest), FINEST_RESOLUTION);
  await using averager = await turning.openAverager(spectra);
  const { labels, averages } = await joinPieces(pieces, candidates, found.nearest, averager);
  const groups = grouped(labels);
  const memberships = membershipsByVote(found.nearest, { labels, groupCount: groups.sizes.length, own: labels });
  return { ...groups, oriented: { memberships, levels: found.levels, averages } };

  function grouped(labels: Int32Array): CandidateGroups {
    const members = membersOf(labels);
    return {
      centres: meanDirections(members, { embeddings, size }),
      sizes: members.map(({ length }) => length),
      labels,
    };
  }
}
