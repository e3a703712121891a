import { expect, test } from "vitest";
import {
  angleBetweenQuaternions,
  composePoses,
  NO_TURN,
  type Quaternion,
  symmetryOperators,
} from "../../../volume/index.js";
import { inFrame, likeliestRotations, sharedOut, sharesOf } from "./likely-pose.js";

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
  const { rotation, probability, shares } = sharedOut(
    [scored(0, 5), scored(90, 9), scored(93, 8), scored(180, 9)],
    [NO_TURN],
  );
  expect(angleBetweenQuaternions(rotation, turned(90))).toBeCloseTo(0, 3);
  expect(probability).toBe(shares[0].share);
  expect(shares.map(({ share }) => share)).toEqual([
    expect.closeTo(1 / (2 + Math.exp(-2)), 6), // half of the difference of their log-likelihoods
    expect.closeTo(1 / (2 + Math.exp(-2)), 6),
    expect.closeTo(Math.exp(-2) / (2 + Math.exp(-2)), 6),
  ]);
});

test("poses that are hardly likely, and those that symmetry makes equal, take nothing from the others", () => {
  const found = [scored(0, 30), scored(90, 10), scored(180, 29)];
  expect(sharedOut(found, [NO_TURN]).shares).toHaveLength(2);
  const withHalfTurnAboutX = symmetryOperators("D2");
  expect(sharedOut(found, withHalfTurnAboutX).shares).toMatchObject([{ share: 1 }]);
});

test("rotations to climb from are the likeliest of a grid that are apart", () => {
  const degrees = [0, 10, 40, 80, 180];
  const rotations = degrees.map(turned);
  const chosen = (operators: readonly Quaternion[], probabilities = [0.3, 0.4, 1e-6, 0.1, 0.2]) =>
    likeliestRotations(Float32Array.from(probabilities), rotations, operators).map((one) => rotations.indexOf(one));
  expect(chosen([NO_TURN])).toEqual([1, 4, 3]);
  expect(chosen(symmetryOperators("D2"))).toEqual([1, 3]);
});

test("all poses of a particle move with the frame of its reference", () => {
  const pose = { rotation: turned(20), shiftVoxels: { x: 1, y: 2, z: 3 } };
  const other = { rotation: turned(70), shiftVoxels: { x: -1, y: 0, z: 1 } };
  const own = { ...pose, reference: 0, probability: 1, presence: 1, evidence: 3 };
  const change = { rotation: { w: Math.SQRT1_2, x: 0, y: Math.SQRT1_2, z: 0 }, shiftVoxels: { x: 2, y: 0, z: -1 } };
  expect(inFrame(own, change)).toEqual({ ...own, ...composePoses(pose, change) });
  const shares = [
    { ...pose, share: 0.75 },
    { ...other, share: 0.25 },
  ];
  expect(inFrame({ ...own, shares }, change).shares).toEqual([
    { ...composePoses(pose, change), share: 0.75 },
    { ...composePoses(other, change), share: 0.25 },
  ]);
});

test("until its likely poses have been looked for a particle counts in one alone, and in none that has not been climbed from", () => {
  const own = { rotation: turned(20), shiftVoxels: AT_CENTRE };
  expect(sharesOf(own)).toEqual([{ ...own, share: 1 }]);
  const shares = [
    { ...own, share: 1 },
    { ...own, rotation: turned(90), share: 0 },
  ];
  expect(sharesOf({ ...own, shares })).toEqual([{ ...own, share: 1 }]);
});
