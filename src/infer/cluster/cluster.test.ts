import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { clusterDefaults, clusterEmbeddings, clusterNeighbours, embeddingMap, nearestNeighbours } from "../index.js";
import { sharedNeighbourGraph } from "./cluster-embeddings.js";
import { findCommunities, graphFromPairs } from "./communities.js";

const SIZE = 16;

/** Unit vectors scattered around one direction for each group. */
function scattered(counts: readonly number[], spread: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  const rows = counts.flatMap((count, group) =>
    Array.from({ length: count }, () => {
      const row = Array.from({ length: SIZE }, (_, i) => (i === group ? 1 : 0) + spread * random.normal());
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    }),
  );
  return Float32Array.from(rows.flat());
}

describe("nearestNeighbours", () => {
  test("the same as sorting all similarities, nearest first", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        (count, neighbours, seed) => {
          const points = scattered([count], 1, seed);
          const found = nearestNeighbours(points, SIZE, { neighbours });
          const kept = Math.min(neighbours, count - 1);
          expect(found.neighbours).toBe(kept);
          const similarity = (a: number, b: number) =>
            Math.fround(
              Array.from({ length: SIZE }, (_, i) => points[a * SIZE + i] * points[b * SIZE + i]).reduce(
                (s, v) => s + v,
                0,
              ),
            );
          for (let a = 0; a < count; a++) {
            const expected = Array.from({ length: count }, (_, b) => b)
              .filter((b) => b !== a)
              .sort((b, c) => similarity(a, c) - similarity(a, b) || b - c)
              .slice(0, kept);
            expect([...found.indices.subarray(a * kept, (a + 1) * kept)]).toEqual(expected);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a point alone has no neighbours", () => {
    expect(nearestNeighbours(scattered([1], 0), SIZE, { neighbours: 3 }).neighbours).toBe(0);
  });
});

describe("findCommunities", () => {
  test("two cliques joined by one edge are two communities", () => {
    const clique = (first: number) =>
      [0, 1, 2, 3].flatMap((i) =>
        [0, 1, 2, 3].filter((j) => j > i).map((j) => ({ a: first + i, b: first + j, weight: 1 })),
      );
    const graph = graphFromPairs(8, [...clique(0), ...clique(4), { a: 3, b: 4, weight: 1 }]);
    expect([...findCommunities(graph, { random: createRandom(1) })]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  test("a ring of small cliques: one community each at resolution 1, pairs at a low one", () => {
    const pairs = Array.from({ length: 6 }, (_, k) => [
      { a: 3 * k, b: 3 * k + 1, weight: 1 },
      { a: 3 * k, b: 3 * k + 2, weight: 1 },
      { a: 3 * k + 1, b: 3 * k + 2, weight: 1 },
      { a: Math.min(3 * k + 2, (3 * k + 3) % 18), b: Math.max(3 * k + 2, (3 * k + 3) % 18), weight: 1 },
    ]).flat();
    const count = (resolution: number) =>
      new Set(findCommunities(graphFromPairs(18, pairs), { random: createRandom(3), resolution })).size;
    expect(count(1)).toBe(6);
    expect(count(0.3)).toBeLessThan(6);
  });

  test("nodes without edges stay alone", () => {
    const graph = graphFromPairs(4, [{ a: 1, b: 2, weight: 1 }]);
    expect([...findCommunities(graph, { random: createRandom(1) })]).toEqual([0, 1, 1, 2]);
  });
});

describe("clusterEmbeddings", () => {
  const cluster = (points: Float32Array, seed = 2) =>
    clusterEmbeddings(points, SIZE, nearestNeighbours(points, SIZE, { neighbours: 15 }), {
      ...clusterDefaults,
      random: createRandom(seed),
    });

  test("finds how many groups there are and who is in them; the largest is first, the most central member, too", () => {
    const { clusters, labels } = cluster(scattered([30, 50, 20], 0.12));
    expect(clusters.map(({ members }) => members.length)).toEqual([50, 30, 20]);
    expect(new Set(labels.subarray(30, 80))).toEqual(new Set([0]));
    for (const { members, centralities, cohesion, nearestSimilarity } of clusters) {
      expect(centralities).toEqual(centralities.toSorted((a, b) => b - a));
      expect(members.length).toBe(centralities.length);
      expect(cohesion).toBeGreaterThan(0.85);
      expect(nearestSimilarity).toBeLessThan(0.3);
    }
    expect(clusters[0].nearestCluster).not.toBe(0);
  });

  test("groups that are too small are no clusters", () => {
    const points = scattered([40, 20], 0.1);
    const nearest = nearestNeighbours(points, SIZE, { neighbours: 15 });
    const options = { ...clusterDefaults, minimumSize: 25, random: createRandom(2) };
    const { clusters, labels } = clusterEmbeddings(points, SIZE, nearest, options);
    expect(clusters).toHaveLength(1);
    expect(clusters[0].nearestSimilarity).toBeNaN();
    expect([...labels]).toEqual([...new Array(40).fill(0), ...new Array(20).fill(-1)]);
  });

  test("a large even group stays whole, where modularity alone would cut it", () => {
    const points = scattered([300], 0.3);
    const nearest = nearestNeighbours(points, SIZE, { neighbours: 15 });
    const { resolution } = clusterDefaults;
    const graph = sharedNeighbourGraph(nearest, clusterNeighbours(300));
    expect(new Set(findCommunities(graph, { random: createRandom(2), resolution })).size).toBeGreaterThan(1);
    expect(cluster(points).clusters).toHaveLength(1);
  });

  test("few points are joined to few neighbours", () => {
    expect([10, 64, 324, 100_000].map(clusterNeighbours)).toEqual([5, 5, 9, 15]);
  });

  test("the same seed gives the same clusters; nothing and one point give none", () => {
    const points = scattered([20, 20], 0.5);
    expect(cluster(points)).toEqual(cluster(points));
    expect(cluster(scattered([0], 0)).clusters).toEqual([]);
    expect([...cluster(scattered([1], 0)).labels]).toEqual([-1]);
  });
});

describe("embeddingMap", () => {
  test("keeps groups apart, inside the unit square, and is the same for the same seed", async () => {
    const points = scattered([25, 25], 0.1);
    const map = () => embeddingMap(nearestNeighbours(points, SIZE, { neighbours: 14 }), { random: createRandom(4) });
    const places = await map();
    expect(await map()).toEqual(places);
    expect(Math.min(...places)).toBe(0);
    expect(Math.max(...places)).toBe(1);
    const distance = (a: number, b: number) =>
      Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]);
    let nearestIsAlike = 0;
    for (let a = 0; a < 50; a++) {
      const order = Array.from({ length: 50 }, (_, b) => b)
        .filter((b) => b !== a)
        .sort((b, c) => distance(a, b) - distance(a, c));
      if (order[0] < 25 === a < 25) nearestIsAlike++;
    }
    expect(nearestIsAlike).toBeGreaterThanOrEqual(48);
  });

  test("a handful of points has a map, too", async () => {
    for (const count of [0, 1, 2, 5]) {
      const points = scattered([count], 0.4);
      const places = await embeddingMap(nearestNeighbours(points, SIZE, { neighbours: 14 }), {
        random: createRandom(4),
      });
      expect(places).toHaveLength(2 * count);
      expect([...places].every(Number.isFinite)).toBe(true);
    }
  });
});
