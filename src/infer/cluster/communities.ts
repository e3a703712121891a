import type { Random } from "../../volume/index.js";

/** An undirected weighted graph in rows: the edges of node i are `targets[starts[i]] .. targets[starts[i + 1] - 1]`. */
export interface WeightedGraph {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
}

/** A graph from pairs of nodes a < b, each once. */
export function graphFromPairs(
  count: number,
  pairs: readonly { readonly a: number; readonly b: number; readonly weight: number }[],
): WeightedGraph {
  const starts = new Int32Array(count + 1);
  for (const { a, b } of pairs) {
    starts[a + 1]++;
    starts[b + 1]++;
  }
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  const next = starts.slice(0, count);
  const targets = new Int32Array(starts[count]);
  const weights = new Float64Array(starts[count]);
  for (const { a, b, weight } of pairs)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const at = next[from]++;
      targets[at] = to;
      weights[at] = weight;
    }
  return { starts, targets, weights };
}

/**
 * Communities of a graph by the Louvain method (V. Blondel, J.-L. Guillaume, R. Lambiotte and E. Lefebvre 2008): nodes move,
 * in an order drawn by `random`, to the neighbouring community that raises the modularity most; communities become nodes,
 * and it begins again until nothing moves. Modularity: sum over communities of `w_in / W - resolution (w_total / W)^2`
 * with W twice the weight of all edges. The number of communities follows from the graph; a higher resolution gives more.
 * @returns the community of each node, numbered from 0 in order of appearance.
 */
export function findCommunities(
  graph: WeightedGraph,
  { random, resolution = 1 }: { readonly random: Random; readonly resolution?: number },
): Int32Array {
  let level: Level = { ...graph, own: new Float64Array(graph.starts.length - 1) };
  let membership = Int32Array.from(level.own.keys());
  for (;;) {
    const { communities, moved } = moveNodes(level, resolution, random);
    if (!moved) return renumbered(membership).labels;
    const { labels, count } = renumbered(communities);
    membership = membership.map((node) => labels[node]);
    level = merged(level, labels, count);
  }
}

/** A graph whose nodes stand for several, with the weight (twice) that lies inside each. */
interface Level extends WeightedGraph {
  readonly own: Float64Array;
}

function moveNodes(level: Level, resolution: number, random: Random) {
  const { starts, targets, weights, own } = level;
  const count = own.length;
  const degree = Float64Array.from(own);
  for (let node = 0; node < count; node++)
    for (let e = starts[node]; e < starts[node + 1]; e++) degree[node] += weights[e];
  const whole = degree.reduce((sum, value) => sum + value, 0);
  const communities = Int32Array.from({ length: count }, (_, node) => node);
  const total = degree.slice();
  const toCommunity = new Float64Array(count);
  const order = random.sample(count, count);
  let moved = false;
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of order) {
      const before = communities[node];
      const near: number[] = [before];
      for (let e = starts[node]; e < starts[node + 1]; e++) {
        const community = communities[targets[e]];
        if (toCommunity[community] === 0 && community !== before) near.push(community);
        toCommunity[community] += weights[e];
      }
      total[before] -= degree[node];
      let best = before;
      let most = Number.NEGATIVE_INFINITY;
      for (const community of near) {
        const gain = toCommunity[community] - (resolution * degree[node] * total[community]) / whole;
        // A move must gain something: otherwise rounding could move a node back and forth for ever.
        if (gain > most + (community === before ? 0 : 1e-12 * whole)) {
          most = gain;
          best = community;
        }
      }
      for (const community of near) toCommunity[community] = 0;
      total[best] += degree[node];
      communities[node] = best;
      if (best !== before) changed = moved = true;
    }
  }
  return { communities, moved };
}

function renumbered(values: Int32Array): { labels: Int32Array; count: number } {
  const numbers = new Map<number, number>();
  const labels = values.map((value) => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
  return { labels, count: numbers.size };
}

/** One node for each community, with the edges between them added up. */
function merged({ starts, targets, weights, own }: Level, labels: Int32Array, count: number): Level {
  const inside = new Float64Array(count);
  const between = new Map<number, number>();
  for (let node = 0; node < own.length; node++) {
    inside[labels[node]] += own[node];
    for (let e = starts[node]; e < starts[node + 1]; e++) {
      const [a, b] = [labels[node], labels[targets[e]]];
      if (a === b) inside[a] += weights[e];
      else if (a < b) between.set(a * count + b, (between.get(a * count + b) ?? 0) + weights[e]);
    }
  }
  const pairs = Array.from(between, ([key, weight]) => ({ a: Math.floor(key / count), b: key % count, weight }));
  return { ...graphFromPairs(count, pairs), own: inside };
}
