import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { paperCrf } from "./parameters.js";
import { refineMask } from "./refine-mask.js";

const EDGE = 16;
const grid = { shape: [EDGE, EDGE, EDGE], voxelSizeAngstrom: 10 } as const;
const mild = {
  appearanceWeight: 0.5,
  appearanceSigmaAngstrom: 20,
  intensitySigma: 1,
  smoothnessWeight: 2,
  smoothnessSigmaAngstrom: 10,
  iterations: 5,
};

/** A ball of some 900 voxels, its probability flipped in some voxels. */
function noisyBall() {
  const random = createRandom(3);
  const probability = new Float32Array(EDGE ** 3);
  const truth = new Uint8Array(EDGE ** 3);
  for (let i = 0; i < truth.length; i++) {
    const [z, y, x] = [Math.floor(i / EDGE ** 2), Math.floor(i / EDGE) % EDGE, i % EDGE];
    truth[i] = Math.hypot(z - 8, y - 8, x - 8) < 6 ? 1 : 0;
    probability[i] = truth[i] === (random.next() < 0.05 ? 0 : 1) ? 0.8 : 0.2;
  }
  const intensity = Float32Array.from(truth, (value) => value + 0.3 * random.normal());
  return { probability, intensity, truth };
}

const errors = (probability: Float32Array, truth: Uint8Array) =>
  probability.reduce((sum, p, i) => sum + (p > 0.5 === (truth[i] === 1) ? 0 : 1), 0);

test("removes specks and fills holes, and counts them", () => {
  const { probability, intensity, truth } = noisyBall();
  const refined = refineMask(probability, intensity, { ...grid, parameters: mild });
  expect(errors(refined.probability, truth)).toBeLessThan(0.3 * errors(probability, truth));
  const { voxelsBefore, voxelsAfter, removedShare, addedShare, flagged } = refined;
  expect(flagged).toBe(false);
  expect(voxelsBefore).toBe(probability.filter((p) => p > 0.5).length);
  expect(voxelsAfter).toBe(refined.probability.filter((p) => p > 0.5).length);
  expect(voxelsBefore * (1 - removedShare + addedShare)).toBeCloseTo(voxelsAfter, 6);
  expect(removedShare).toBeGreaterThan(0);
  expect(addedShare).toBeGreaterThan(0);
});

test("does not let refinement destroy a mask: the published parameters would", () => {
  const { intensity, truth } = noisyBall();
  const probability = Float32Array.from(truth, (inside) => (inside ? 0.8 : 0.05));
  const kept = refineMask(probability, intensity, { ...grid, parameters: paperCrf });
  expect(kept.flagged).toBe(true);
  expect(kept.removedShare).toBe(1);
  expect(kept.probability).toBe(probability);
  const used = refineMask(probability, intensity, { ...grid, parameters: paperCrf, whenFlagged: "refined" });
  expect(used.probability.some((p) => p > 0.5)).toBe(false);
  expect(used.voxelsAfter).toBe(0);
});

test("an empty mask stays empty", () => {
  const { intensity } = noisyBall();
  const refined = refineMask(new Float32Array(EDGE ** 3), intensity, grid);
  expect(refined).toMatchObject({ voxelsBefore: 0, voxelsAfter: 0, removedShare: 0, addedShare: 0, flagged: false });
});
