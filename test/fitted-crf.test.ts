import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fittedCrf } from "../src/index.js";

test("the fitted parameters in the code are those of the record beside the model", () => {
  const record = JSON.parse(readFileSync(join(import.meta.dirname, "..", "models", "crf.json"), "utf8"));
  expect(fittedCrf).toEqual(record.parameters);
});
