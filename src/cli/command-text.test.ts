import { expect, test } from "vitest";
import { commandText } from "./command-text.js";

test("a command as it can be typed again", () => {
  const flags = { voxelSize: 10, tomogram: ["a b.mrc", "c.mrc"], invert: true, json: true, seed: 7, output: undefined };
  expect(commandText("evaluate", ["it's.star"], flags)).toBe(
    "cosnet evaluate 'it'\\''s.star' --voxel-size 10 --tomogram 'a b.mrc' c.mrc --invert --seed 7",
  );
  expect(commandText("benchmark", [], { ways: [2, 6], snr: [Number.POSITIVE_INFINITY, 0.5] })).toBe(
    "cosnet benchmark --ways 2,6 --snr inf,0.5",
  );
  expect(commandText("cluster", ["a.mrc"], { adapt: true })).toBe("cosnet cluster a.mrc");
  expect(commandText("cluster", ["a.mrc"], { adapt: false, invert: false })).toBe(
    "cosnet cluster a.mrc --no-adapt --no-invert",
  );
});
