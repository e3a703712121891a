import { expect, test } from "vitest";
import { createRandom } from "../volume/index.js";
import { runEpisodes } from "./episodes.js";
import { exampleSpread } from "./example-spread.js";
import { spreadCsv, spreadText } from "./example-spread-table.js";

const labels = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2);

/** Similarities of particles on a line: minus their distance. */
const alongLine = (places: readonly number[]): Float32Array =>
  Float32Array.from(places.flatMap((a) => places.map((b) => -Math.abs(a - b))));

test("classes far apart are told apart by any examples; chance gives one over the number of ways", () => {
  const options = { labels, way: 3, shot: 1, draws: 5, random: createRandom(1) };
  const apart = exampleSpread({ ...options, similarity: alongLine([0, 1, 2, 10, 11, 12, 20, 21, 22]) });
  expect(apart).toMatchObject({ draws: 5, mean: 1, deviation: 0, minimum: 1, median: 1, maximum: 1 });
  const random = createRandom("noise");
  const many = Int32Array.from({ length: 120 }, (_, i) => i % 3);
  const noise = Float32Array.from({ length: 120 * 120 }, () => random.next());
  const chance = exampleSpread({ ...options, labels: many, draws: 40, similarity: noise });
  expect(chance.mean).toBeCloseTo(1 / 3, 1); // 40 draws of 117 queries: standard error 0.01
});

test("a bad support shows as the worst draw, for the class it belongs to", () => {
  // The third particle of class 0 lies among class 1: with it as support, class 0 is lost.
  const spread = exampleSpread({
    similarity: alongLine([0, 1, 11.2, 10, 11, 12, 40, 41, 42]),
    labels,
    way: 3,
    shot: 1,
    draws: 30,
    random: createRandom(2),
  });
  const [first, second, third] = spread.byClass;
  expect(first!.worst).toBe(0);
  expect(third).toEqual({ label: 2, mean: 1, worst: 1 });
  expect(second!.worst).toBeLessThan(1);
  expect(spread.minimum).toBeLessThan(spread.median);
  expect(spread.median).toBeLessThanOrEqual(spread.maximum);
  expect(spread.deviation).toBeGreaterThan(0);
});

test("the mean over draws agrees with drawn episodes, in fewer ways than classes, too", () => {
  const random = createRandom("agreement");
  const many = Int32Array.from({ length: 100 }, (_, i) => Math.floor(i / 20));
  const places = [...many].map((label) => 2 * label + 2.5 * random.normal());
  const similarity = alongLine(places);
  for (const [way, shot] of [
    [2, 1],
    [4, 3],
  ] as const) {
    const { mean } = exampleSpread({ similarity, labels: many, way, shot, draws: 300, random });
    const { accuracy } = runEpisodes({ similarity, labels: many, way, shot, episodes: 20_000, random });
    expect(Math.abs(mean - accuracy)).toBeLessThan(0.02); // 300 draws of 5 supports: standard error about 0.006
  }
});

test("too few classes or particles are refused", () => {
  const similarity = alongLine([0, 1, 2, 10, 11, 12, 20, 21, 22]);
  const options = { similarity, labels, draws: 1, random: createRandom(1) };
  expect(() => exampleSpread({ ...options, way: 4, shot: 1 })).toThrow("4-way 1-shot needs 4 classes");
  expect(() => exampleSpread({ ...options, way: 2, shot: 3 })).toThrow("at least 4 particles");
});

test("the tables state draws, worst draw and the classes of the task with most ways", () => {
  const byClass = [
    { class: "ball", mean: 0.95, worst: 0.8 },
    { class: "rod, long", mean: 0.9, worst: 0.55 },
  ];
  const figures = { draws: 20, mean: 0.925, deviation: 0.03, minimum: 0.8, median: 0.93, maximum: 0.97, byClass };
  const spread = [{ way: 2, shot: 1, snr: Number.POSITIVE_INFINITY, ...figures }];
  const text = spreadText(spread);
  expect(text).toContain("over 20 draws of the examples");
  expect(text).toMatch(/2-way 1-shot, no noise +92\.5 +3\.0 +80\.0 +93\.0 +97\.0\n/);
  expect(text).toMatch(/rod, long +90\.0 \(55\.0\)/);
  expect(spreadCsv(spread).split("\n")).toEqual([
    "way,shot,snr,draws,mean,deviation,minimum,median,maximum",
    "2,1,inf,20,0.925,0.03,0.8,0.93,0.97",
    "",
    "class,way,shot,snr,mean,worst",
    "ball,2,1,inf,0.95,0.8",
    '"rod, long",2,1,inf,0.9,0.55',
    "",
  ]);
});
