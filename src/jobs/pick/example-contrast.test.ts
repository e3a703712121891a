import { expect, test } from "vitest";
import { orientExamples } from "./example-contrast.js";

const EDGE = 8;

/** What is said of one box without contrast, in a tomogram of this name. */
function warningsOf(name: string, examplesInverted?: boolean): string[] {
  const box = { className: "a", volume: new Float32Array(EDGE ** 3), source: "clicks.csv", specimen: "key" };
  const warnings: string[] = [];
  orientExamples(
    { boxes: [box], specimens: new Map([["key", { name, skewness: -0.2, stated: undefined }]]), assumptions: [] },
    new Map(),
    {
      ...{ edge: EDGE, tomogramPaths: ["TS_01.mrc"], examplesInverted },
      onWarning: (warning) => warnings.push(warning),
    },
  );
  return warnings;
}

test("a doubt names the option that settles it: the tomogram's own where it is searched, and is then said once", () => {
  expect(warningsOf("TS_01.mrc")).toEqual([expect.stringMatching(/Say which it is with --invert or --no-invert$/)]);
  expect(warningsOf("TS_02.mrc")).toEqual([expect.stringContaining("with --invert-examples or --no-invert-examples")]);
});
