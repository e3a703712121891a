import { expect, test } from "vitest";
import { nodeRuntime } from "../../files/model/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import {
  angleBetweenQuaternions,
  composePoses,
  createRandom,
  invertPose,
  multiplyQuaternions,
  type Pose,
  quaternionFromAxisAngle,
  wedgeMask,
} from "../../volume/index.js";
import { createAligner } from "./align-pose.js";
import { createDerivatives, evaluatePose } from "./pose-likelihood.js";
import { createSubtomogramMaker } from "./subtomogram.js";

const EDGE = 32;
const weight = Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], 60));
const make = createSubtomogramMaker(EDGE);
const [centred, shifted] = [0, 3].map((shiftVoxels) => createRenderer({ shiftVoxels }));

/** Two particles of a complex without symmetry, and how the second lies against the first. */
function pair(seed: number, snr: number) {
  const complex = proceduralComplex(createRandom(4));
  const random = createRandom(seed);
  const [first, second] = [centred, shifted].map((renderer, i) =>
    renderer.render(complex, { random: random.fork(i), snr }),
  );
  const poseOf = (one: typeof first): Pose => ({ rotation: one.orientation, shiftVoxels: one.shiftVoxels });
  return {
    reference: make(first.volume, weight),
    particle: make(second.volume, weight),
    truth: composePoses(poseOf(second), invertPose(poseOf(first))),
  };
}

const aligner = createAligner(nodeRuntime, { edge: EDGE, voxelSizeAngstrom: 10, radiusVoxels: 9, threads: 1 });

test("a particle is found in the pose it has, and the likelihood falls off around it", async () => {
  const { reference, particle, truth } = pair(1, 2);
  const { align, prepare } = await aligner;
  const { pose, score, alternatives } = await align(particle, prepare(reference));
  // 1.5 degrees is what pairs of this noise have; any wrong maximum is farther off than 10.
  expect(angleBetweenQuaternions(pose.rotation, truth.rotation)).toBeLessThan(6);
  const { x, y, z } = pose.shiftVoxels;
  expect(Math.hypot(x - truth.shiftVoxels.x, y - truth.shiftVoxels.y, z - truth.shiftVoxels.z)).toBeLessThan(0.7);
  for (const other of alternatives) expect(other.score).toBeLessThan(score);
});

test("gradients are those of the likelihood, shifts to 1e-5, rotations but for the kinks of the interpolation", async () => {
  const { reference, particle, truth } = pair(2, 1);
  const { prepare, observe, factorsFor } = await aligner;
  const prepared = prepare(reference);
  const [observation, factors] = [observe(particle), factorsFor(prepared)];
  const at = (pose: Pose) => evaluatePose(observation, prepared.field, factors, pose, 1500);
  const derivatives = createDerivatives();
  evaluatePose(observation, prepared.field, factors, truth, 1500, derivatives);
  const step = 1e-3;
  for (const [i, axis] of (["x", "y", "z"] as const).entries()) {
    const [turnedUp, turnedDown] = [step, -step].map((radians) => {
      const turn = quaternionFromAxisAngle({ x: 0, y: 0, z: 0, [axis]: 1 }, (radians * 180) / Math.PI);
      return at({ ...truth, rotation: multiplyQuaternions(turn, truth.rotation) });
    });
    expect((turnedUp - turnedDown) / (2 * step)).toBeCloseTo(derivatives.gradient[i], -1);
    const [movedUp, movedDown] = [step, -step].map((by) =>
      at({ ...truth, shiftVoxels: { ...truth.shiftVoxels, [axis]: truth.shiftVoxels[axis] + by } }),
    );
    expect((movedUp - movedDown) / (2 * step)).toBeCloseTo(derivatives.gradient[3 + i], 1);
  }
});
