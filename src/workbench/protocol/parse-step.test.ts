import { expect, test } from "vitest";
import { parseStep } from "./index.js";

test("takes what a step has, and nothing else", () => {
  const example = { type: "add-example", tomogramId: "tomogram-1", classId: null, position: { x: 1, y: 2.5, z: 3 } };
  expect(parseStep({ ...example, id: "example-9" })).toEqual(example);
  expect(parseStep({ type: "describe-tomogram", id: "tomogram-1", contrast: null })).toEqual({
    type: "describe-tomogram",
    id: "tomogram-1",
  });
});

test.each([
  [null, "step: a step must be an object"],
  [{ type: "toString" }, 'step of "toString": "type" must be a kind of step, not "toString"'],
  [{ type: "add-class" }, 'step of "add-class": "name" must be a text, not missing'],
  [
    { type: "move-example", id: "example-1", position: { x: 1, y: null, z: 3 } },
    'step: "y" must be a finite number, not null',
  ],
  [
    { type: "describe-tomogram", id: "tomogram-1", contrast: "black" },
    'step of "describe-tomogram": "contrast" must be "dark" or "bright", not "black"',
  ],
])("refuses %j", (value, message) => {
  expect(() => parseStep(value)).toThrow(message);
});
