import type { Random } from "../../volume/index.js";
import { cosine } from "../similarity.js";
import { findCommunities, graphFromPairs } from "./communities.js";
import { mergeCommunities } from "./merge-communities.js";
import type { NearestNeighbours } from "./nearest.js";

/** One group of like particles. */
interface EmbeddingCluster {
  /** Indices of its members, the most central first. */
  readonly members: readonly number[];
  /** Cosine of each member to the cluster's mean direction, in the order of `members`. */
  readonly centralities: readonly number[];
  /** Mean of the centralities: 1 when all members are alike. */
  readonly cohesion: number;
  /** Cosine of its mean direction to that of the most similar other cluster; NaN when there is no other. */
  readonly nearestSimilarity: number;
  /** Which cluster that is; -1 when there is no other. */
  readonly nearestCluster: number;
}

export interface EmbeddingClusters {
  /** The largest first. */
  readonly clusters: readonly EmbeddingCluster[];
  /** Cluster of each point; -1 in groups that are too small. */
  readonly labels: Int32Array;
}

export interface ClusterEmbeddingsOptions {
  readonly random: Random;
  /** Neighbours that a point is joined to; default `clusterNeighbours`. */
  readonly neighbours?: number;
  /** Higher gives more and smaller clusters. */
  readonly resolution: number;
  /** Smaller groups are no clusters. */
  readonly minimumSize: number;
}

/**
 * These, the neighbours and the threshold below were chosen on simulated particles of training and validation complexes at
 * SNR 0.5 (2 to 12 classes of 10 to 100 particles), where clusters came closest to the true classes: mean adjusted Rand
 * index 0.85, and within 0.01 of it for resolutions from 0.7 to 1.5. Density clusters (HDBSCAN) of the same embeddings
 * fell into one; k-means by silhouette halved the number of classes.
 */
export const clusterDefaults = { resolution: 1, minimumSize: 5 } as const;

/** Fraction of the links without a border from which two communities are one; see `mergeCommunities`. */
export const MERGE_THRESHOLD = 0.2;

/**
 * Neighbours that each of `count` points is joined to: half of the square root, from 5 to 15. More join what is apart as
 * soon as classes have few members; fewer cut large classes into pieces.
 */
export function clusterNeighbours(count: number): number {
  return Math.max(5, Math.min(15, Math.round(Math.sqrt(count) / 2)));
}

/**
 * Groups embeddings without being told how many groups there are: points are joined to their nearest neighbours, each join
 * weighted by the fraction of neighbours that the two have in common (Jaccard index; R. Jarvis and E. Patrick 1973), and the
 * graph falls into communities of the highest modularity (Louvain; see `findCommunities`), of which those that are pieces of
 * one are joined again (see `mergeCommunities`).
 * @param points `[count, size]`, each of unit length.
 * @param nearest at least `neighbours` for each point, as far as there are that many.
 */
export function clusterEmbeddings(
  points: Float32Array,
  size: number,
  nearest: NearestNeighbours,
  options: ClusterEmbeddingsOptions,
): EmbeddingClusters {
  const { count } = nearest;
  const { random, neighbours = clusterNeighbours(count), resolution, minimumSize } = options;
  const found = findCommunities(sharedNeighbourGraph(nearest, Math.min(neighbours, nearest.neighbours)), {
    random,
    resolution,
  });
  const communities = mergeCommunities(found, nearest, { neighbours, threshold: MERGE_THRESHOLD });
  const groups = new Map<number, number[]>();
  communities.forEach((community, point) => {
    const members = groups.get(community);
    if (members) members.push(point);
    else groups.set(community, [point]);
  });
  const kept = [...groups.values()]
    .filter((members) => members.length >= minimumSize)
    .sort((a, b) => b.length - a.length || a[0] - b[0]);
  const labels = new Int32Array(count).fill(-1);
  const centres = new Float32Array(kept.length * size);
  kept.forEach((members, cluster) => {
    for (const point of members) labels[point] = cluster;
    centres.set(meanDirection(points, size, members), cluster * size);
  });
  const clusters = kept.map((members, cluster): EmbeddingCluster => {
    const similarity = (point: number) => cosine(points, centres, point * size, cluster * size, size);
    const ranked = members
      .map((point) => ({ point, centrality: similarity(point) }))
      .sort((a, b) => b.centrality - a.centrality || a.point - b.point);
    const others = kept.map((_, other) =>
      other === cluster ? Number.NEGATIVE_INFINITY : cosine(centres, centres, cluster * size, other * size, size),
    );
    const nearestSimilarity = others.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    return {
      members: ranked.map(({ point }) => point),
      centralities: ranked.map(({ centrality }) => centrality),
      cohesion: ranked.reduce((sum, { centrality }) => sum + centrality, 0) / ranked.length,
      nearestSimilarity: kept.length > 1 ? nearestSimilarity : Number.NaN,
      nearestCluster: kept.length > 1 ? others.indexOf(nearestSimilarity) : -1,
    };
  });
  return { clusters, labels };
}

/** Points joined to their nearest neighbours, by the fraction of neighbours in common. */
export function sharedNeighbourGraph({ count, neighbours: stride, indices }: NearestNeighbours, neighbours: number) {
  // Every point counts among its own neighbours, so that two that have only each other have something in common.
  const sets = Array.from(
    { length: count },
    (_, point) => new Set([point, ...indices.subarray(point * stride, point * stride + neighbours)]),
  );
  const pairs: { a: number; b: number; weight: number }[] = [];
  for (let point = 0; point < count; point++)
    for (const other of sets[point]) {
      if (other === point || (other < point && sets[other].has(point))) continue; // each pair once
      const [a, b] = [Math.min(point, other), Math.max(point, other)];
      let shared = 0;
      for (const member of sets[a]) if (sets[b].has(member)) shared++;
      pairs.push({ a, b, weight: shared / (sets[a].size + sets[b].size - shared) });
    }
  return graphFromPairs(count, pairs);
}

function meanDirection(points: Float32Array, size: number, members: readonly number[]): Float32Array {
  const sum = new Float64Array(size);
  for (const point of members) for (let i = 0; i < size; i++) sum[i] += points[point * size + i];
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
  return Float32Array.from(sum, (value) => (length > 0 ? value / length : 0));
}
