import { expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import {
  GREY_RADIUS_VOXELS,
  type GreyFeatures,
  greyDistinction,
  greyFeatures,
  greyLikeness,
  greyPenalties,
  greyReference,
} from "./grey-evidence.js";

const random = createRandom("grey evidence");
const EDGE = 2 * GREY_RADIUS_VOXELS + 1;
const noise = (deviation: number, mean = 0) =>
  Float32Array.from({ length: EDGE ** 3 }, () => mean + deviation * random.normal());
const features = (count: number, deviation = 1, mean = 0): GreyFeatures[] =>
  Array.from({ length: count }, () => greyFeatures(noise(deviation, mean)));

test("features are mean and deviation within the ball alone", () => {
  const box = noise(0.5, 2);
  box[0] = 1e6; // a corner
  const [mean, logDeviation] = greyFeatures(box);
  expect(mean).toBeCloseTo(2, 0);
  expect(Math.exp(logDeviation)).toBeCloseTo(0.5, 1);
  expect(Math.exp(greyFeatures(new Float32Array(EDGE ** 3))[1])).toBeCloseTo(0.25);
});

test("erased gold and ice lose for each other's class, and nothing for their own", () => {
  const reference = greyReference(features(200), features(40));
  const [gold, ice] = [features(5, 0.2, -1), features(5)];
  const examples = { features: [gold[0], ice[0]], labels: [0, 1], classCount: 2 };
  const penalties = greyPenalties([...gold, ...ice], examples, reference);
  const of = (row: number, label: number) => penalties[2 * row + label]!;
  for (let i = 0; i < 5; i++) {
    expect(of(i, 0)).toBe(0);
    expect(of(i, 1)).toBeGreaterThan(5);
    expect(of(5 + i, 0)).toBeGreaterThan(5);
    expect(of(5 + i, 1)).toBe(0);
    expect(greyDistinction(gold[i]!, reference)).toBe("remarkable");
    expect(greyDistinction(ice[i]!, reference)).toBe("ordinary");
    expect(greyLikeness(gold[i]!, gold.slice(0, 1), reference)).toBeGreaterThan(0.3);
    expect(greyLikeness(ice[i]!, gold, reference)).toBeLessThan(0.01);
  }
});

test("a few gold beads among the candidates do not make the spread wide, and varied candidates do", () => {
  const [places, candidates] = [features(200), features(40)];
  const spreadWith = (more: readonly GreyFeatures[]) => greyReference(places, more).spread[0];
  const alone = spreadWith(candidates);
  const withGold = spreadWith([...candidates, ...features(4, 0.2, -10)]);
  const varied = spreadWith(candidates.map(([mean, deviation], i) => [mean + i / 10, deviation]));
  expect(withGold / alone).toBeLessThan(1.1);
  expect(varied / alone).toBeGreaterThan(2);
});

test("the most alike of a class's examples counts, and one that lies elsewhere asks for nothing", () => {
  const labels = [0, 0, 1, 1];
  const reference = { middle: [0, 0], spread: [1, 1] } as const;
  const penaltiesOf = (place: GreyFeatures, last: GreyFeatures | undefined) => {
    const features: (GreyFeatures | undefined)[] = [[0, 0], [9, 0], [0, 0], last];
    return [...greyPenalties([place], { features, labels, classCount: 2 }, reference)];
  };
  expect(penaltiesOf([9, 0], undefined)).toEqual([0, 0]);
  expect(penaltiesOf([5, 0], [0, 0])).toEqual([4.5, 8]);
});
