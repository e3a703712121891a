import { expect, test } from "vitest";
import {
  angleBetweenQuaternions,
  composePoses,
  NO_TURN,
  type Quaternion,
  symmetryOperators,
} from "../../../volume/index.js";
import { dividedAmong, inFrame, likeliestRotations, posesOf } from "./likely-pose.js";

const AT_CENTRE = { x: 0, y: 0, z: 0 };

/** About the x axis. */
function turned(degrees: number): Quaternion {
  const half = (degrees * Math.PI) / 360;
  return { w: Math.cos(half), x: Math.sin(half), y: 0, z: 0 };
}

const scored = (degrees: number, score: number) => ({
  pose: { rotation: turned(degrees), shiftVoxels: AT_CENTRE },
  score,
});

test("a particle counts in its poses as likely as they are, poses next to each other as one", () => {
  const { rotation, probability, likelyPoses } = dividedAmong(
    [scored(0, 5), scored(90, 9), scored(93, 8), scored(180, 9)],
    [NO_TURN],
  );
  expect(angleBetweenQuaternions(rotation, turned(90))).toBeCloseTo(0, 3);
  expect(probability).toBe(likelyPoses[0].fraction);
  expect(likelyPoses.map(({ fraction }) => fraction)).toEqual([
    expect.closeTo(1 / (2 + Math.exp(-2)), 6), // half of the difference of their log-likelihoods
    expect.closeTo(1 / (2 + Math.exp(-2)), 6),
    expect.closeTo(Math.exp(-2) / (2 + Math.exp(-2)), 6),
  ]);
});

test("poses that are hardly likely, and those that symmetry makes equal, take nothing from the others", () => {
  const found = [scored(0, 30), scored(90, 10), scored(180, 29)];
  expect(dividedAmong(found, [NO_TURN]).likelyPoses).toHaveLength(2);
  const withHalfTurnAboutX = symmetryOperators("D2");
  expect(dividedAmong(found, withHalfTurnAboutX).likelyPoses).toMatchObject([{ fraction: 1 }]);
});

test("of two poses that symmetry makes equal the first stays, at the place of the likelier", () => {
  const found = [scored(0, 5), scored(183, 7)];
  const { rotation, likelyPoses } = dividedAmong(found, symmetryOperators("D2"));
  expect(likelyPoses).toHaveLength(1);
  expect(angleBetweenQuaternions(rotation, turned(3))).toBeCloseTo(0, 3);
});

test("rotations to climb from are the likeliest of a grid that are apart, and apart from where a particle is", () => {
  const degrees = [0, 10, 40, 80, 120, 180];
  const rotations = degrees.map(turned);
  const probabilities = Float32Array.of(0.3, 0.4, 1e-6, 0.1, 0.25, 0.2);
  const chosen = (own: number, operators: readonly Quaternion[]) =>
    likeliestRotations(probabilities, rotations, turned(own), operators).map((one) => degrees[rotations.indexOf(one)]);
  expect(chosen(70, [NO_TURN])).toEqual([10, 120, 180]);
  expect(chosen(70, symmetryOperators("D2"))).toEqual([10, 120]);
  expect(chosen(250, symmetryOperators("D2"))).toEqual([10, 120]);
});

test("all poses of a particle move with the frame of its reference", () => {
  const pose = { rotation: turned(20), shiftVoxels: { x: 1, y: 2, z: 3 } };
  const other = { rotation: turned(70), shiftVoxels: { x: -1, y: 0, z: 1 } };
  const own = { ...pose, reference: 0, probability: 1, presence: 1, evidence: 3 };
  const change = { rotation: { w: Math.SQRT1_2, x: 0, y: Math.SQRT1_2, z: 0 }, shiftVoxels: { x: 2, y: 0, z: -1 } };
  expect(inFrame(own, change)).toEqual({ ...own, ...composePoses(pose, change) });
  const likelyPoses = [
    { ...pose, fraction: 0.75 },
    { ...other, fraction: 0.25 },
  ];
  expect(inFrame({ ...own, likelyPoses }, change).likelyPoses).toEqual([
    { ...composePoses(pose, change), fraction: 0.75 },
    { ...composePoses(other, change), fraction: 0.25 },
  ]);
});

test("until its likely poses have been looked for a particle counts in one alone, and in none that has not been climbed from", () => {
  const own = { rotation: turned(20), shiftVoxels: AT_CENTRE };
  expect(posesOf(own)).toEqual([{ ...own, fraction: 1 }]);
  const likelyPoses = [
    { ...own, fraction: 1 },
    { ...own, rotation: turned(90), fraction: 0 },
  ];
  expect(posesOf({ ...own, likelyPoses })).toEqual([{ ...own, fraction: 1 }]);
});
