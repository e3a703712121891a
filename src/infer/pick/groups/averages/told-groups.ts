/** Groups of candidates where few kinds show: those whose averages tell that they are of one complex. */
import { createRandom } from "../../../../volume/index.js";
import { clusterNeighbours, sharedNeighbourGraph } from "../../../cluster/cluster-embeddings.js";
import { findCommunities } from "../../../cluster/communities.js";
import { nearestNeighbours } from "../../../cluster/nearest.js";
import {
  COMPARED_NEIGHBOURS,
  CORRELATION_WEIGHT,
  type OrientedCandidates,
  orientedNeighbours,
} from "../../../cluster/oriented-neighbours.js";
import type { Embedded } from "../../../embedder.js";
import { type Averager, type CompareNeighbours, SPECTRUM_LENGTH } from "../../../orientation/index.js";
import { takeRows } from "../../../rows.js";
import { membershipsByVote } from "../memberships.js";
import { meanDirections, membersOf } from "./centres.js";
import { type GroupAverage, joinPieces, LEAST_MEMBERS } from "./join-pieces.js";

/** Groups that are of one complex each, as averages of their halves show; other candidates are of no group. */
export interface ToldGroups {
  readonly averages: readonly GroupAverage[];
  /** The mean direction of each group. */
  readonly centres: Embedded;
  readonly sizes: readonly number[];
  /** How far each candidate is of each group, `[candidates, groups]`; what rows lack to 1 is of no group. */
  readonly memberships: Float32Array;
  /** Group of each candidate; -1 for none. */
  readonly labels: Int32Array;
}

/** Of communities: pieces of one complex are joined again by their averages. */
const RESOLUTION = 3;

/**
 * Groups candidates, whatever their order.
 * @param averager of such candidates
 * @throws as `compare` and `averager` do.
 */
export async function toldGroups(
  candidates: OrientedCandidates,
  compare: CompareNeighbours,
  averager: Averager,
): Promise<ToldGroups> {
  const { size } = candidates;
  if (candidates.embeddings.length / size < LEAST_MEMBERS) return noGroups(candidates);
  const order = orderByValues(candidates.embeddings, size);
  const embeddings = takeRows(candidates.embeddings, order, size);
  const spectra = takeRows(candidates.spectra, order, SPECTRUM_LENGTH);
  const nearest = nearestNeighbours(embeddings, size, { neighbours: COMPARED_NEIGHBOURS });
  const sorted = { embeddings, size, spectra };
  const found = await orientedNeighbours(sorted, nearest, compare, CORRELATION_WEIGHT.grouped);
  const neighbours = Math.min(clusterNeighbours(order.length), found.nearest.neighbours);
  const graph = sharedNeighbourGraph(found.nearest, neighbours);
  const pieces = findCommunities(graph, { random: createRandom("groups of candidates"), resolution: RESOLUTION });
  const { labels, averages } = await joinPieces(pieces, sorted, found.nearest, averager);
  const told = [...averages.keys()].filter((group) => averages[group]);
  const members = membersOf(labels);
  const votes = membershipsByVote(found.nearest, { labels, groupCount: members.length, own: labels });
  const memberships = new Float32Array(order.length * told.length);
  const own = new Int32Array(order.length);
  for (const [row, candidate] of order.entries()) {
    own[candidate] = told.indexOf(labels[row]);
    for (const [i, group] of told.entries())
      memberships[candidate * told.length + i] = votes[row * members.length + group];
  }
  return {
    averages: told.map((group) => averages[group] as GroupAverage), // as filtered
    centres: meanDirections(
      told.map((group) => members[group]),
      { embeddings, size },
    ),
    sizes: told.map((group) => members[group].length),
    ...{ memberships, labels: own },
  };
}

function noGroups({ embeddings, size }: OrientedCandidates): ToldGroups {
  const none = new Float32Array();
  const labels = new Int32Array(embeddings.length / size).fill(-1);
  return { averages: [], centres: { embeddings: none, size }, sizes: [], memberships: none, labels };
}

/** Numbers of rows `[rows, size]` by their values, which depends on no order of them. */
function orderByValues(rows: Float32Array, size: number): number[] {
  const compared = (a: number, b: number): number => {
    for (let j = 0; j < size; j++)
      if (rows[a * size + j] !== rows[b * size + j]) return rows[a * size + j] - rows[b * size + j];
    return 0;
  };
  return Array.from({ length: rows.length / size }, (_, row) => row).sort((a, b) => compared(a, b) || a - b);
}
