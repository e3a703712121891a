import { describe, expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import {
  adjustedRandIndex,
  type PickedParticle,
  pickScoresText,
  scorePicks,
  scoreShrec21,
  scoreSphereBaseline,
  type TrueParticle,
} from "../index.js";

const random = () => createRandom(3);
const truth = (className: string, x: number, tomogram = "t1"): TrueParticle => ({
  tomogram,
  positionAngstrom: { x, y: 0, z: 0 },
  className,
  matchDistanceAngstrom: 10,
});
const pick = (className: string, x: number, score: number, tomogram = "t1"): PickedParticle => ({
  tomogram,
  positionAngstrom: { x, y: 0, z: 0 },
  className,
  score,
});

const TRUTHS = [truth("a", 0), truth("a", 100), truth("b", 200), truth("b", 300, "t2"), truth("c", 400, "t2")];
const PICKS = [
  pick("a", 3, 0.9),
  pick("b", 100, 0.8), // there, but of class a
  pick("b", 204, 0.7),
  pick("b", 206, 0.6), // a second time
  pick("b", 300, 0.5, "t2"),
  pick("d", 900, 0.4, "t2"), // nothing there, and no such class
];

test("probabilities are held against what is right; picks without one, or without a class, do not count", () => {
  const [first, other, third] = [
    { ...pick("a", 3, 0.9), probability: 0.95 },
    { ...pick("b", 100, 0.8), probability: 0.75 },
    { ...pick("b", 204, 0.7), probability: 0.75 },
  ];
  const nameless = { ...first, className: undefined };
  const scores = scorePicks([first, other, third, nameless, pick("b", 300, 0.5, "t2")], TRUTHS, { random: random() });
  expect(scores.calibration).toMatchObject({ count: 3, fractionRight: 2 / 3 });
  expect(scores.calibration!.expectedError).toBeCloseTo((0.05 + 0.5) / 3, 12);
  expect(pickScoresText({ scores })).toContain(
    "Probabilities of 3 picks with a class: 81.7 % on average, 66.7 % right; expected calibration error 18.3",
  );
  expect(scorePicks(PICKS, TRUTHS, { random: random() }).calibration).toBeUndefined();
});

describe("scorePicks", () => {
  const scores = scorePicks(PICKS, TRUTHS, { random: random() });

  test("detection leaves classes aside and counts double and empty picks as false", () => {
    const { detection } = scores;
    expect(detection).toMatchObject({ truths: 5, picks: 6, truePositives: 4, precision: 4 / 6, recall: 4 / 5 });
    expect(detection.f1).toBeCloseTo(8 / 11, 12);
    // in descending score: right, right, right, double, right, empty
    expect(detection.averagePrecision).toBeCloseTo((3 * 1 + 4 / 5) / 5, 12);
    expect(detection.best).toMatchObject({ cutoff: 0.5, f1: 8 / 10 });
    const [low, high] = detection.averagePrecisionCi95;
    expect(low < detection.averagePrecision && detection.averagePrecision < high).toBe(true);
  });

  test("each class by its own picks; a wrong class is false there and missed here", () => {
    const row = (name: string) => scores.classes.find((score) => score.name === name)!;
    expect(scores.classes.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
    expect(row("a")).toMatchObject({ truths: 2, picks: 1, truePositives: 1, f1: 2 / 3, averagePrecision: 0.5 });
    expect(row("b")).toMatchObject({ truths: 2, picks: 4, truePositives: 2, f1: 4 / 6 });
    // false, right, double, right
    expect(row("b").averagePrecision).toBeCloseTo((1 / 2 + 1 / 2) / 2, 12);
    expect(row("c")).toMatchObject({ truths: 1, picks: 0, f1: 0, averagePrecision: 0 });
    expect(row("d")).toMatchObject({ truths: 0, picks: 1, precision: 0 });
  });

  test("means are over the classes of the truth", () => {
    expect(scores.macro.f1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12);
    expect(scores.macro.averagePrecision).toBeCloseTo((0.5 + 0.5 + 0) / 3, 12);
    expect(scores.macro.bestF1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12);
  });

  test("confusion and position error are of the particles that were found", () => {
    expect(scores.confusion.classNames).toEqual(["a", "b", "c"]);
    expect([...scores.confusion.counts]).toEqual([1, 1, 0, 0, 2, 0, 0, 0, 0]);
    expect(scores.meanClassAccuracy).toBeCloseTo((1 / 2 + 1) / 2, 12); // no particle of class c was found
    expect(scores.localisation).toMatchObject({ matched: 4, meanAngstrom: 7 / 4, percentile95Angstrom: 4 });
  });

  test("tomograms add up", () => {
    expect(
      scores.tomograms.map(({ tomogram, truths, picks, truePositives }) => [tomogram, truths, picks, truePositives]),
    ).toEqual([
      ["t1", 3, 4, 3],
      ["t2", 2, 2, 1],
    ]);
    expect(scores.tomograms[1].macroF1).toBeCloseTo((1 + 0) / 2, 12);
  });

  test("the same seed gives the same intervals", () => {
    expect(scorePicks(PICKS, TRUTHS, { random: random() })).toEqual(scores);
  });

  test("without scores there is no average precision, and without picks all are missed", () => {
    const bare = PICKS.map(({ score: _, ...rest }) => rest);
    const unscored = scorePicks(bare, TRUTHS, { random: random() });
    expect(unscored.detection).toMatchObject({ truePositives: 4, averagePrecision: Number.NaN });
    expect(unscored.detection.best).toBeUndefined();
    expect(unscored.macro.f1).toBeCloseTo(4 / 9, 12);
    expect(pickScoresText({ scores: unscored })).toContain("the picks have no scores");
    const none = scorePicks([], TRUTHS, { random: random() });
    expect(none.detection).toMatchObject({ recall: 0, f1: 0, precision: Number.NaN });
    expect(pickScoresText({ scores: none })).toContain("0 of 5 particles found by 0 picks");
  });
});

test("the table has the sphere baseline beside every figure", () => {
  const peaks = TRUTHS.slice(0, 3).map(({ positionAngstrom }, i) => ({ positionAngstrom, score: 3 - i }));
  const radii = new Map([
    ["a", 50],
    ["b", 60],
    ["c", 60],
  ]);
  const sets = [
    { tomogram: "t1", radiusAngstrom: 50, peaks },
    { tomogram: "t1", radiusAngstrom: 60, peaks: peaks.slice(2) },
  ];
  const baseline = scoreSphereBaseline(sets, TRUTHS, radii);
  expect(baseline.detectionRadiusAngstrom).toBe(50);
  expect(baseline.detection).toMatchObject({ truePositives: 3, recall: 3 / 5 });
  expect(baseline.classes.map(({ score }) => score.best?.f1)).toEqual([1, 2 / 3, 0]);
  expect(baseline.macroBestF1).toBeCloseTo((1 + 2 / 3) / 3, 12);
  const text = pickScoresText({ scores: scorePicks(PICKS, TRUTHS, { random: random() }), baseline });
  expect(text.replace(/\[[^\]]*\]/g, "[]")).toMatchInlineSnapshot(`
    "Detection, classes left aside (in % [])
      4 of 5 particles found by 6 picks
      precision          66.7 []
      recall             80.0 []
      F1                 72.7 []
      average precision  76.0 []
      best cut-off       F1 80.0 at score 0.5 (chosen with the truth)
      sphere baseline    F1 75.0 (precision 100.0, recall 60.0), AP 60.0; cut-off chosen with the truth
      position error     median 3.0 Å, mean 1.8 Å, 95 % within 4.0 Å
      mean offset        x 1.8, y 0.0, z 0.0 Å

    Classes: a pick counts for its own class only
      class            particles  picks  precision  recall    F1    AP  sphere F1  sphere AP
      a                        2      1      100.0    50.0  66.7  50.0      100.0      100.0
      b                        2      4       50.0   100.0  66.7  50.0       66.7       50.0
      c                        1      0          -     0.0   0.0   0.0        0.0        0.0
      d                        0      1        0.0       -     -     -          -          -
      mean of classes                                       44.4  33.3       55.6       50.0
      mean F1 of classes 44.4 []; each at its best cut-off 44.4
      found particles given the right class, mean of classes: 75.0 (by chance 33.3)

    Tomograms
      tomogram  particles  picks  precision  recall    F1     AP  mean class F1
      t1                3      4       75.0   100.0  85.7  100.0           58.3
      t2                2      2       50.0    50.0  50.0   50.0           50.0"
  `);
});

describe("the contest's scorer", () => {
  const classes = ["1BXN", "1BXN", "4CR2", "4V94", "vesicle"];
  const hit = (className: string, index: number) => ({ className, truth: index });

  test("the first prediction decides, background hits lower only precision, excluded ones go", () => {
    const predictions = [
      hit("4cr2", 0), // the first in particle 0, in lower case: wrong class
      hit("1bxn", 0), // comes too late
      hit("1bxn", 1),
      hit("1bxn", -1),
      hit("4v94", 2), // an excluded class is taken for background
      hit("4v94", 3), // in an excluded particle: counts among predictions only
    ];
    const score = scoreShrec21(predictions, classes);
    expect(score).toMatchObject({ predictions: 6, truths: 3, found: 3, background: 1, multiple: 1, recall: 1 });
    expect(score.precision).toBeCloseTo(3 / 6, 12);
    expect(score.f1).toBeCloseTo(2 / 3, 12);
    expect(score.excluded).toEqual(["4V94", "vesicle"]);
    expect(score.confusion.classNames).toEqual(["background", "1BXN", "4CR2"]);
    expect([...score.confusion.counts]).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 0]);
    expect(score.classes.map(({ f1 }) => f1)).toEqual([2 / 3, 0]);
  });

  test("false picks on background leave the F1 of classes as it is", () => {
    const found = [hit("1BXN", 0), hit("1BXN", 1), hit("4CR2", 2)];
    const noisy = [...found, ...new Array(50).fill(hit("1BXN", -1))];
    expect(scoreShrec21(found, classes).macroF1).toBe(1);
    expect(scoreShrec21(noisy, classes).macroF1).toBe(1);
    expect(scoreShrec21(noisy, classes).precision).toBeCloseTo(3 / 53, 12);
  });
});

describe("adjusted Rand index", () => {
  test("values from the formula", () => {
    expect(adjustedRandIndex([0, 0, 1, 1], ["x", "x", "y", "y"])).toBe(1);
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(4 / 7, 12); // (1 - 2/6) / (1.5 - 2/6)
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 12); // (0 - 4/6) / (2 - 4/6)
    expect(adjustedRandIndex([0, 0, 0], [1, 1, 1])).toBe(1);
    expect(adjustedRandIndex([0, 0, 0], [0, 1, 2])).toBe(0);
  });
  test("1 and the text 1 are different groups, and lengths must agree", () => {
    expect(adjustedRandIndex([1, "1"], [0, 0])).toBe(0);
    expect(() => adjustedRandIndex([1], [1, 2])).toThrow("got 1 and 2");
  });
});
