import { expect, it } from "vitest";
import { composePoses, invertPose, type Pose } from "./pose.js";
import { angleBetweenQuaternions, randomQuaternion } from "./quaternion.js";
import { createRandom } from "./random.js";
import { rotateVolume } from "./rotate.js";
import { createVolume } from "./volume.js";

const random = createRandom(3);
const pose: Pose = { rotation: randomQuaternion(random), shiftVoxels: { x: 1.5, y: -2, z: 0.5 } };
const other: Pose = { rotation: randomQuaternion(random), shiftVoxels: { x: -1, y: 0.25, z: 2 } };

it("is undone by its inverse", () => {
  const { rotation, shiftVoxels } = composePoses(invertPose(pose), pose);
  expect(angleBetweenQuaternions(rotation, { w: 1, x: 0, y: 0, z: 0 })).toBeCloseTo(0, 4);
  expect(Math.hypot(shiftVoxels.x, shiftVoxels.y, shiftVoxels.z)).toBeCloseTo(0, 6);
});

it("composes as the rotations of a volume do", () => {
  const blob = createVolume([24, 24, 24], 10);
  for (let z = 0, at = 0; z < 24; z++)
    for (let y = 0; y < 24; y++)
      for (let x = 0; x < 24; x++, at++) blob.data[at] = Math.exp(-((x - 15) ** 2 + (y - 10) ** 2 + (z - 13) ** 2) / 8);
  const turn = ({ rotation, shiftVoxels }: Pose, volume = blob) =>
    rotateVolume(volume, rotation, { shiftVoxels, interpolation: "cubic" });
  const [once, twice] = [turn(composePoses(pose, other)).data, turn(pose, turn(other)).data];
  for (let k = 0; k < once.length; k++) expect(Math.abs(once[k] - twice[k])).toBeLessThan(0.02);
});
