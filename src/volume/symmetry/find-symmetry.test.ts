import { describe, expect, it } from "vitest";
import {
  angleBetweenQuaternions,
  conjugateQuaternion,
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  randomQuaternion,
  rotateVector,
} from "../quaternion.js";
import { createRandom, type Random } from "../random.js";
import { createVolume, type Vector3, type Volume } from "../volume.js";
import { findSymmetry, keepsSymmetry, placeSymmetry } from "./find-symmetry.js";
import { type PointGroupName, symmetryOperators } from "./point-group.js";

const EDGE = 28;
const RESOLUTION = { resolutionAngstrom: 30 }; // shell 9 of voxels of 10 Å

/** Gaussians of a deviation of 1.3 voxels at all equivalents of a few places, turned. */
function symmetricMap(name: PointGroupName, places: readonly Vector3[], turned: Quaternion, edge = EDGE): Volume {
  const map = createVolume([edge, edge, edge], 10);
  const centre = Math.floor(edge / 2);
  const all = symmetryOperators(name).flatMap((g) =>
    places.map((place) => rotateVector(turned, rotateVector(g, place))),
  );
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++)
        for (const p of all) {
          const square = (x - centre - p.x) ** 2 + (y - centre - p.y) ** 2 + (z - centre - p.z) ** 2;
          if (square < 40) map.data[at] += Math.exp(-square / 3.4);
        }
  return map;
}

/** A map without noise as both of its halves. */
function found(map: Volume) {
  return findSymmetry([map, map], RESOLUTION);
}

/** How far the operators of a frame are from those of the truth, whichever of its equivalent frames it is. */
function offDegrees(name: PointGroupName, rotation: Quaternion, truth: Quaternion): number {
  const inMap = (frame: Quaternion) =>
    symmetryOperators(name).map((g) => multiplyQuaternions(frame, multiplyQuaternions(g, conjugateQuaternion(frame))));
  const right = inMap(truth);
  return Math.max(...inMap(rotation).map((g) => Math.min(...right.map((one) => angleBetweenQuaternions(one, g)))));
}

/** Two independent half maps: noise of this deviation in a sphere. */
function noisyHalves(map: Volume, deviation: number, seed: number): readonly [Volume, Volume] {
  const random = createRandom("noise").fork(seed);
  return [withNoise(map, deviation, random), withNoise(map, deviation, random)];
}

/** In a sphere, outside of which nothing is left. */
function withNoise(map: Volume, deviation: number, random: Random): Volume {
  const centre = Math.floor(EDGE / 2);
  const data = map.data.map((value, at) => {
    const [x, y, z] = [at % EDGE, Math.floor(at / EDGE) % EDGE, Math.floor(at / EDGE / EDGE)];
    const isInside = Math.hypot(x - centre, y - centre, z - centre) < 11;
    return isInside ? value + deviation * random.normal() : 0;
  });
  return createVolume([EDGE, EDGE, EDGE], 10, data);
}

/** Globules at random places of a sphere, about its centre of mass: round, and of no symmetry. */
function hollowBall(seed: number): Volume {
  const random = createRandom("hollow ball").fork(seed);
  const places: Vector3[] = [];
  for (let tries = 0; places.length < 24 && tries < 5000; tries++) {
    const place = rotateVector(randomQuaternion(random), { x: 0, y: 0, z: 5.2 });
    if (places.every((other) => Math.hypot(place.x - other.x, place.y - other.y, place.z - other.z) > 1.7))
      places.push(place);
  }
  const mean = (axis: "x" | "y" | "z") => places.reduce((sum, place) => sum + place[axis] / places.length, 0);
  const centre = { x: mean("x"), y: mean("y"), z: mean("z") };
  const centred = places.map(({ x, y, z }) => ({ x: x - centre.x, y: y - centre.y, z: z - centre.z }));
  return symmetricMap("C1", centred, { w: 1, x: 0, y: 0, z: 0 });
}

const PLACES: readonly Vector3[] = [
  { x: 6, y: 1, z: 3 },
  { x: 4, y: -1.5, z: -4 },
  { x: 8, y: 3, z: 0.5 },
];

describe.each([
  ["C2", EDGE],
  ["C5", EDGE + 1],
  ["D3", EDGE + 1],
  ["T", EDGE],
  ["O", EDGE],
  ["I1", EDGE + 1],
] as const)("a map of symmetry %s in a box of %i^3", (name, edge) => {
  const turned = randomQuaternion(createRandom(name));
  const places = name === "I1" ? [{ x: 7.5, y: 1.5, z: 6 }] : PLACES;

  it("is found to have it, in its orientation", () => {
    const { pointGroup, rotation, score, isSeen } = found(symmetricMap(name, places, turned, edge));
    expect(pointGroup).toBe(name);
    expect(score).toBeGreaterThan(0.85);
    expect(isSeen).toBe(true);
    expect(offDegrees(name, rotation, turned)).toBeLessThan(2.5); // a quarter of the resolution at the rim
  });
});

it("finds no symmetry where there is none: an asymmetric map, noise, nothing", () => {
  const random = createRandom(3);
  const places = Array.from({ length: 9 }, () => ({
    x: random.uniform(-7, 7),
    y: random.uniform(-7, 7),
    z: random.uniform(-7, 7),
  }));
  const asymmetric = found(symmetricMap("C1", places, { w: 1, x: 0, y: 0, z: 0 }));
  expect(asymmetric).toMatchObject({ pointGroup: "C1", isSeen: true });
  const nothing = createVolume([EDGE, EDGE, EDGE], 10);
  expect(findSymmetry(noisyHalves(nothing, 1, 0))).toMatchObject({ pointGroup: "C1", isSeen: false });
  expect(found(nothing)).toMatchObject({ pointGroup: "C1", score: 0, isSeen: false });
});

it("finds no symmetry in a hollow ball, which looks nearly the same from all sides", () => {
  const ball = hollowBall(2);
  expect(found(ball)).toMatchObject({ pointGroup: "C1", isSeen: true });
  for (const pointGroup of ["C2", "O"] as const) expect(keepsSymmetry([ball, ball], pointGroup)).toBe(false);
  // Half a turn about one axis leaves this one as it is by .80 of what it shows at 50 Å, its round part taken for what it shows.
  const rounder = hollowBall(3);
  expect(findSymmetry([rounder, rounder], { resolutionAngstrom: 50 }).pointGroup).toBe("C1");
});

it("says that a ball whose sides are beneath the noise shows too little to tell", () => {
  const halves = noisyHalves(hollowBall(1), 1.2, 1);
  expect(findSymmetry(halves)).toMatchObject({ pointGroup: "C1", isSeen: false });
});

it.each([36, 80, 193, 323])("makes nothing of halves that were turned onto each other wrongly: draw %i", (seed) => {
  const random = createRandom("apart").fork(seed);
  const places = Array.from({ length: 5 }, () =>
    rotateVector(randomQuaternion(random), { x: 0, y: 0, z: random.uniform(3, 8) }),
  );
  const axis = { x: random.normal(), y: random.normal(), z: random.normal() };
  const apart = quaternionFromAxisAngle(axis, random.uniform(35, 90));
  const none = { w: 1, x: 0, y: 0, z: 0 };
  // By chance they agree better after rotations of a group than as they are: by 2 to 20 times.
  const halves = [none, apart].map((turned) => withNoise(symmetricMap("C1", places, turned), 0.25, random));
  expect(findSymmetry([halves[0], halves[1]])).toMatchObject({ pointGroup: "C1", isSeen: false });
});

it("finds what two noisy halves of a symmetric map show", () => {
  const turned = randomQuaternion(createRandom("noisy"));
  const halves = noisyHalves(symmetricMap("D3", PLACES, turned), 0.3, 2);
  expect(findSymmetry(halves)).toMatchObject({ pointGroup: "D3", isSeen: true });
});

describe("the axes of a group that is given", () => {
  const turned = randomQuaternion(createRandom("given"));

  it.each(["C2", "C7", "D2", "D5", "T", "O", "I1"] as const)("are found by what they turn onto itself: %s", (name) => {
    const map = symmetricMap(name, name === "I1" ? [{ x: 7.5, y: 1.5, z: 6 }] : PLACES, turned);
    const placed = placeSymmetry([map, map], name, RESOLUTION)!;
    expect(placed).toMatchObject({ pointGroup: name, isSeen: true });
    expect(offDegrees(name, placed.rotation, turned)).toBeLessThan(2.5);
  });

  it("are those of a larger one of which it is part", () => {
    const map = symmetricMap("O", PLACES, turned);
    for (const name of ["C4", "D3"] as const)
      expect(placeSymmetry([map, map], name, RESOLUTION)).toMatchObject({ pointGroup: name, isSeen: true });
    const capsid = symmetricMap("I1", [{ x: 7.5, y: 1.5, z: 6 }], turned);
    expect(placeSymmetry([capsid, capsid], "I2", RESOLUTION)).toMatchObject({ pointGroup: "I2", isSeen: true });
  });

  it("are found where the halves do not show the group by themselves", () => {
    const map = symmetricMap("D3", PLACES, turned);
    const beside = symmetricMap("C1", [{ x: 4, y: 5, z: -3 }], turned);
    const halves = noisyHalves({ ...map, data: map.data.map((value, at) => value + 3 * beside.data[at]) }, 0.3, 4);
    expect(findSymmetry(halves).pointGroup).toBe("C1");
    const placed = placeSymmetry(halves, "D3")!;
    expect(placed.isSeen).toBe(false);
    expect(offDegrees("D3", placed.rotation, turned)).toBeLessThan(5);
  });

  it("are placed where there is no such symmetry, which is said, and not in noise", () => {
    const map = symmetricMap("O", PLACES, turned);
    expect(placeSymmetry([map, map], "C5", RESOLUTION)).toMatchObject({ pointGroup: "C5", isSeen: false });
    const nothing = createVolume([EDGE, EDGE, EDGE], 10);
    expect(placeSymmetry([nothing, nothing], "C5")).toBeUndefined();
  });
});

it("keeps to a group in RELION's frame alone", () => {
  const none = { w: 1, x: 0, y: 0, z: 0 };
  const aligned = symmetricMap("C3", PLACES, none);
  expect(keepsSymmetry([aligned, aligned], "C3")).toBe(true);
  expect(keepsSymmetry([aligned, aligned], "C2")).toBe(false);
  const turned = symmetricMap("C3", PLACES, { w: Math.SQRT1_2, x: Math.SQRT1_2, y: 0, z: 0 });
  expect(keepsSymmetry([turned, turned], "C3")).toBe(false);
});

it("does not take a ring that is only smooth for one of many subunits", () => {
  const ring = Array.from({ length: 90 }, (_, i) => ({
    x: 8 * Math.cos((i * Math.PI) / 45),
    y: 8 * Math.sin((i * Math.PI) / 45),
    z: i % 2 === 0 ? 1 : 2,
  }));
  const map = symmetricMap("C1", [...ring, { x: 0, y: 0, z: 6 }], { w: 1, x: 0, y: 0, z: 0 });
  expect(found(map)).toMatchObject({ pointGroup: "C1", isSeen: false }); // there may be more of them than can be resolved
});
