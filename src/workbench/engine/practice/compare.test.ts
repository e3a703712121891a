import { expect, test } from "vitest";
import { EMPTY_PROJECT, type RunResults } from "../../protocol/index.js";
import { compareWithTruth } from "./compare.js";
import { suggestions } from "./suggestions.js";

const truth = [
  { className: "globe", positionAngstrom: { x: 500, y: 500, z: 500 }, radiusAngstrom: 100 },
  { className: "globe", positionAngstrom: { x: 1500, y: 500, z: 500 }, radiusAngstrom: 100 },
  { className: "rod", positionAngstrom: { x: 500, y: 1500, z: 500 }, radiusAngstrom: 120 },
  { className: "cage", positionAngstrom: { x: 1500, y: 1500, z: 500 }, radiusAngstrom: 80 },
  { className: "bell", positionAngstrom: { x: 1000, y: 1000, z: 500 }, radiusAngstrom: 110 },
];

test("a class is what its examples are, whatever its name; picks are matched one to one", () => {
  const project = {
    ...EMPTY_PROJECT,
    classes: [
      { id: "class-1", name: "ball", colour: "#e69f00" },
      { id: "class-2", name: "rod", colour: "#56b4e9" },
    ],
    examples: [{ id: "example-3", tomogramId: "t", classId: "class-1", position: { x: 51, y: 49, z: 50 } }],
  };
  const positions = Float32Array.from([50, 50, 50, 52, 50, 50, 150, 50, 52, 50, 148, 50]);
  const results: RunResults = {
    ...{ runId: "run-1", classIds: ["class-1", "class-2"] },
    tables: [
      {
        ...{ tomogramId: "t", count: 4, positions, classIndex: Uint8Array.from([0, 0, 1, 1]) },
        ...{ probability: Float32Array.from([0.9, 0.8, 0.7, 0.9]), detectionScore: new Float32Array(4) },
        ...{ radiusAngstrom: new Float32Array(4), rejection: new Uint8Array(4) },
      },
    ],
  };
  expect(compareWithTruth(results, project, "t", truth)).toEqual({
    classes: [
      { classId: "class-1", truths: 2, picks: 2, right: 1 }, // the second is at the same globe
      { classId: "class-2", truths: 1, picks: 2, right: 1 }, // the first is at a globe
    ],
  });
});

test("a particle of each class is suggested, the one with the most room", () => {
  const crowded = { className: "globe", positionAngstrom: { x: 510, y: 640, z: 500 }, radiusAngstrom: 100 };
  expect(suggestions([...truth, crowded])[0]).toEqual({ className: "globe", position: { x: 150, y: 50, z: 50 } });
  expect(suggestions(truth).map(({ className }) => className)).toEqual(["globe", "cage", "rod", "bell"]);
});
