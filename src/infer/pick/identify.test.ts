import { expect, test } from "vitest";
import { ShapeError } from "../../errors.js";
import type { ModelDescription } from "../../model/index.js";
import { createRandom } from "../../volume/index.js";
import type { Embedded } from "../embedder.js";
import { cutOffTable } from "./cut-off.js";
import { exampleDependence } from "./example-dependence.js";
import { identify } from "./identify.js";
import { classPrototypes } from "./prototypes.js";

const description = { similarity: "cosine", temperature: 10 } as ModelDescription;
const at = (...degrees: number[]): Embedded => ({
  embeddings: Float32Array.from(degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)])),
  size: 2,
});

test("a prototype is the direction of the mean of its examples", () => {
  const { embeddings } = classPrototypes({ embedded: at(0, 30, 90), labels: [0, 0, 1], classCount: 2 });
  for (const [i, value] of [Math.cos(Math.PI / 12), Math.sin(Math.PI / 12), 0, 1].entries())
    expect(embeddings[i]).toBeCloseTo(value, 5);
  expect(() => classPrototypes({ embedded: at(0), labels: [0], classCount: 2 })).toThrow(ShapeError);
});

test("candidates get the nearest class, and none of them when an open set says so", () => {
  const examples = { embedded: at(0, 90), labels: [0, 1], classCount: 2 };
  const candidates = at(10, 80, 45, 180);
  const closed = identify(candidates, examples, { description });
  expect(closed.map(({ classIndex }) => classIndex)).toEqual([0, 1, expect.anything(), 1]);
  expect(closed[2].margin).toBeCloseTo(0, 4);
  expect(closed[0].probability).toBeCloseTo(
    1 / (1 + Math.exp(10 * (Math.sin(Math.PI / 18) - Math.cos(Math.PI / 18)))),
    4,
  );
  const open = identify(candidates, examples, { description, openSet: { intercept: -7, slope: 10, knownShare: 0.5 } });
  expect(open[0].knownProbability).toBeGreaterThan(0.9);
  expect(open[3].knownProbability).toBeLessThan(0.01);
});

test("classes that learn from the candidates move to where the candidates are", () => {
  const random = createRandom("two clouds");
  const cloud = (centre: number) => Array.from({ length: 60 }, () => centre + 8 * random.normal());
  const degrees = [...cloud(20), ...cloud(80)];
  // A poor example of the first class, nearer to the second: 44 of 50 degrees between the clouds' middles.
  const examples = { embedded: at(52, 100), labels: [0, 1], classCount: 2 };
  const right = (refine: boolean) => {
    const identities = identify(at(...degrees), examples, { description, refine });
    return identities.filter(({ classIndex }, i) => classIndex === (i < 60 ? 0 : 1)).length;
  };
  expect(right(true)).toBeGreaterThan(right(false));
  expect(right(true)).toBeGreaterThan(112);
});

test("classes do not learn from candidates that are of none of them", () => {
  const random = createRandom("a foreign cloud");
  const cloud = (centre: number, count: number) => Array.from({ length: count }, () => centre + 5 * random.normal());
  const candidates = at(...cloud(10, 40), ...cloud(60, 40), ...cloud(130, 300));
  const examples = { embedded: at(14, 64), labels: [0, 1], classCount: 2 };
  const openSet = { intercept: -7, slope: 4, knownShare: 0.3 };
  const right = (options: object) =>
    identify(candidates, examples, { description, refine: true, ...options })
      .slice(0, 80)
      .filter(({ classIndex }, i) => classIndex === (i < 40 ? 0 : 1)).length;
  expect(right({ openSet })).toBe(80);
  expect(right({})).toBeLessThan(60);
});

test("a mislabelled example is found out, and an only example is not judged", () => {
  const examples = { embedded: at(0, 5, 85, 90, 95, 300), labels: [0, 0, 0, 1, 1, 2], classCount: 3 };
  const rows = exampleDependence(at(10, 40, 50, 80), examples, [0, 1, 2, 3], { description });
  expect(rows.map(({ recognised }) => recognised)).toEqual([true, true, false, true, true, undefined]);
  expect(rows[2].changedShare).toBeGreaterThan(0);
  expect(rows[5].changedShare).toBeUndefined();
});

test("what depends on an example is told of some of the candidates as of all", () => {
  const random = createRandom("dependence");
  const candidates = at(...Array.from({ length: 40 }, () => random.uniform(0, 120)));
  const examples = { embedded: at(0, 20, 70, 100), labels: [0, 0, 1, 1], classCount: 2 };
  // Without the penalties of its own row a candidate would be of another class.
  const penalties = Float32Array.from({ length: 80 }, () => random.uniform(0, 0.3));
  const accepted = [...Array(40).keys()].filter((index) => index % 3 === 1);
  for (const refine of [false, true]) {
    const options = { description, refine, penalties };
    const all = accepted.map((index) => exampleDependence(candidates, examples, [index], options));
    const some = exampleDependence(candidates, examples, accepted, options);
    for (const [example, { changedShare }] of some.entries())
      expect(changedShare).toBeCloseTo(
        all.reduce((sum, rows) => sum + rows[example].changedShare! / accepted.length, 0),
        6,
      );
    expect(some.some(({ changedShare }) => changedShare! > 0)).toBe(true);
  }
});

test("expected precision and recall follow from the probabilities", () => {
  const [low, high] = cutOffTable([0.9, 0.7, 0.2, 0.2], [0.1, 0.5]);
  expect(low).toMatchObject({ kept: 4, expectedRecall: 1 });
  expect(low!.expectedPrecision).toBeCloseTo(0.5, 6);
  expect(high!.expectedPrecision).toBeCloseTo(0.8, 6);
  expect(high!.expectedRecall).toBeCloseTo(0.8, 6);
});
