import { expect, it } from "vitest";
import {
  createRandom,
  multiplyQuaternions,
  type Pose,
  randomQuaternion,
  rotateVector,
  symmetryOperators,
  type Vector3,
  wedgeMask,
} from "../../volume/index.js";
import { createSubtomogramMaker } from "../align/subtomogram.js";
import { createFourierSum } from "./fourier-sum.js";
import { symmetrised } from "./symmetrised.js";

const EDGE = 24;
const blobs: readonly Vector3[] = [
  { x: 5, y: 1, z: 0 },
  { x: 1, y: -3, z: 4 },
];

/** Gaussians of a deviation of 1.6 voxels, not symmetric. */
function boxOf({ rotation }: Pose): Float32Array {
  const places = blobs.map((blob) => rotateVector(rotation, blob));
  return Float32Array.from({ length: EDGE ** 3 }, (_, at) => {
    const [x, y, z] = [(at % EDGE) - 12, (Math.floor(at / EDGE) % EDGE) - 12, Math.floor(at / EDGE ** 2) - 12];
    return places.reduce((sum, p) => sum + Math.exp(-((x - p.x) ** 2 + (y - p.y) ** 2 + (z - p.z) ** 2) / 5.12), 0);
  });
}

it.each(["C1", "C2", "C3", "D2", "O"] as const)(
  "symmetrised by %s, a sum is that of all equivalent orientations",
  (name) => {
    const random = createRandom(name);
    const operators = symmetryOperators(name);
    const make = createSubtomogramMaker(EDGE);
    const wedge = Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], 60));
    const [sum, ofAll] = [createFourierSum(EDGE), createFourierSum(EDGE)];
    for (let i = 0; i < 12; i++) {
      const pose = { rotation: randomQuaternion(random), shiftVoxels: { x: 0, y: 0, z: 0 } };
      const particle = make(boxOf(pose), wedge);
      sum.add(particle, pose);
      for (const g of operators) ofAll.add(particle, { ...pose, rotation: multiplyQuaternions(pose.rotation, g) });
    }
    const symmetric = symmetrised(sum, operators);
    const [one, other] = [symmetric.volume(), ofAll.volume()];
    const size = (volume: Float32Array) => Math.hypot(...volume);
    expect(size(one.map((value, at) => value - other[at])) / size(other)).toBeLessThan(name === "C1" ? 1e-5 : 0.06); // interpolated once more
    const [weights, expected] = [symmetric.shellWeights(), ofAll.shellWeights()];
    for (const shell of [2, 5, 9]) expect(Math.abs(weights[shell] / expected[shell] - 1)).toBeLessThan(0.05);
  },
);
