import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { refineLabels } from "./refine-labels.js";
import { refineTiles } from "./refine-tiles.js";

/** What reaches over a margin of 2.5 kernel widths. */
const MARGIN_TOLERANCE = 1e-2;

const parameters = {
  appearanceWeight: 1,
  appearanceSigmaAngstrom: 15,
  intensitySigma: 1,
  smoothnessWeight: 0.5,
  smoothnessSigmaAngstrom: 10,
  iterations: 5,
};

test("tiles give what the whole volume gives", () => {
  const random = createRandom(1);
  const count = 14 * 19 * 23;
  const fill = (value: () => number) => Float32Array.from({ length: count }, value);
  const drift = fill(() => 0).map((_, i) => i / count); // so that tiles differ in mean
  const intensity = drift.map((value) => 4 * value + random.normal());
  const label = drift.map((value) => 0.2 + 0.5 * value + 0.1 * random.next());
  const problem = {
    shape: [14, 19, 23],
    voxelSizeAngstrom: 10,
    intensities: [intensity],
    probabilities: [label.map((p) => 1 - p), label],
  } as const;
  const calls: [number, number][] = [];
  const tiled = refineTiles(problem, parameters, {
    tileEdge: 12,
    tolerance: 0,
    onTile: (done, total) => calls.push([done, total]),
  });
  const whole = refineLabels(problem, parameters, { tolerance: 0 });
  let largest = 0;
  for (let i = 0; i < count; i++)
    largest = Math.max(largest, Math.abs(tiled.probabilities[1][i] - whole.probabilities[1][i]));
  expect(largest).toBeLessThan(MARGIN_TOLERANCE);
  expect(tiled.labels.filter((value, i) => value !== whole.labels[i]).length).toBeLessThan(0.005 * count);
  expect(calls).toEqual(Array.from({ length: 8 }, (_, i) => [i + 1, 8]));
});

test("one tile is the whole", () => {
  const values = createRandom(2);
  const volume = () => Float32Array.from({ length: 120 }, () => values.next());
  const problem = {
    shape: [4, 5, 6],
    voxelSizeAngstrom: 10,
    intensities: [volume()],
    probabilities: [volume(), volume()],
  } as const;
  expect(refineTiles(problem, parameters)).toEqual(refineLabels(problem, parameters));
});
