import { expect, test } from "vitest";
import { candidatesOf, decidePicks, verdictsOf } from "./decided-picks.js";
import type { Verdict } from "./project.js";
import type { RunResults } from "./run.js";

const RESULTS: RunResults = {
  runId: "run-1",
  classIds: ["class-1", "class-2"],
  tables: [
    {
      tomogramId: "tomogram-1",
      count: 4,
      positions: Float32Array.of(0, 0, 0, 10, 0, 0, 11, 0, 0, 50, 50, 5),
      classIndex: Uint8Array.of(0, 1, 0, 255),
      probability: Float32Array.of(0.5, 0.75, 0.25, 0),
      detectionScore: Float32Array.of(1, 1, 1, 1),
      radiusAngstrom: Float32Array.of(100, 100, 100, 100),
      rejection: Uint8Array.of(0, 0, 5, 1),
    },
  ],
};
const classes = ["class-1", "class-2"].map((id) => ({ id, name: id, colour: "#000000" }));
const candidates = candidatesOf(RESULTS);

function picksAfter(verdicts: readonly Verdict[], thresholds: Record<string, number> = {}, known = classes) {
  return decidePicks(candidates, verdictsOf(candidates, verdicts), { classes: known, thresholds })
    .filter(({ isPick }) => isPick)
    .map(({ row, classId }) => [row, classId]);
}

test("picks of the run are picks down to the threshold, and at it", () => {
  expect(picksAfter([])).toEqual([
    [0, "class-1"],
    [1, "class-2"],
  ]);
  expect(picksAfter([], { "class-1": 0.5 })).toHaveLength(2);
  expect(picksAfter([], { "class-1": 0.51 })).toEqual([[1, "class-2"]]);
});

test("a verdict speaks for the nearest candidate, whatever threshold and run say", () => {
  const accept: Verdict = { tomogramId: "tomogram-1", classId: "class-1", position: { x: 10.8, y: 0, z: 0 } };
  expect(picksAfter([accept], { "class-1": 0.9 })).toEqual([
    [1, "class-2"],
    [2, "class-1"],
  ]);
  const reject: Verdict = { tomogramId: "tomogram-1", classId: null, position: { x: 0, y: 0, z: 0 } };
  expect(picksAfter([reject])).toEqual([[1, "class-2"]]);
  expect(picksAfter([{ ...reject, tomogramId: "tomogram-2" }])).toHaveLength(2);
});

test("candidates of a class that is gone are no picks", () => {
  expect(picksAfter([], {}, classes.slice(1))).toEqual([[1, "class-2"]]);
});
