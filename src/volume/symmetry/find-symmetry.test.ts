import { describe, expect, it } from "vitest";
import {
  angleBetweenQuaternions,
  conjugateQuaternion,
  multiplyQuaternions,
  type Quaternion,
  randomQuaternion,
  rotateVector,
} from "../quaternion.js";
import { createRandom } from "../random.js";
import { createVolume, type Vector3, type Volume } from "../volume.js";
import { findSymmetry } from "./find-symmetry.js";
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
    const { pointGroup, rotation, score, chance } = findSymmetry(symmetricMap(name, places, turned, edge), RESOLUTION);
    expect(pointGroup).toBe(name);
    expect(score).toBeGreaterThan(0.85);
    expect(score).toBeGreaterThan(chance.mean + 3 * chance.deviation);
    // The operators of the frame found are those of the map, whichever of its equivalent frames it is.
    const inMap = (frame: Quaternion, g: Quaternion) =>
      multiplyQuaternions(frame, multiplyQuaternions(g, conjugateQuaternion(frame)));
    const truth = symmetryOperators(name).map((g) => inMap(turned, g));
    for (const g of symmetryOperators(name)) {
      const off = Math.min(...truth.map((one) => angleBetweenQuaternions(one, inMap(rotation, g))));
      expect(off).toBeLessThan(2.5); // a quarter of the resolution at the rim
    }
  });
});

it("finds no symmetry where there is none: an asymmetric map, noise, nothing", () => {
  const random = createRandom(3);
  const places = Array.from({ length: 9 }, () => ({
    x: random.uniform(-7, 7),
    y: random.uniform(-7, 7),
    z: random.uniform(-7, 7),
  }));
  expect(findSymmetry(symmetricMap("C1", places, { w: 1, x: 0, y: 0, z: 0 }), RESOLUTION).pointGroup).toBe("C1");
  const noise = createVolume(
    [EDGE, EDGE, EDGE],
    10,
    Float32Array.from({ length: EDGE ** 3 }, () => random.normal()),
  );
  expect(findSymmetry(noise, RESOLUTION).pointGroup).toBe("C1");
  const empty = findSymmetry(createVolume([EDGE, EDGE, EDGE], 10), RESOLUTION);
  expect(empty).toMatchObject({ pointGroup: "C1", score: 0 });
});

it("does not take a ring that is only smooth for one of many subunits", () => {
  const ring = Array.from({ length: 90 }, (_, i) => ({
    x: 8 * Math.cos((i * Math.PI) / 45),
    y: 8 * Math.sin((i * Math.PI) / 45),
    z: i % 2 === 0 ? 1 : 2,
  }));
  const map = symmetricMap("C1", [...ring, { x: 0, y: 0, z: 6 }], { w: 1, x: 0, y: 0, z: 0 });
  expect(findSymmetry(map, RESOLUTION).pointGroup).toBe("C1");
});
