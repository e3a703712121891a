import fc from "fast-check";
import { expect, test } from "vitest";
import { TextLines } from "./lines.js";

test("lines are those between LF, CRLF and CR, the last of them after the last end", () => {
  const text = fc.array(fc.constantFrom("a", "bc", " ", "\n", "\r", "\r\n")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (whole) => {
      const lines = new TextLines(whole);
      expect(lines.first(lines.length)).toEqual(whole.split(/\r\n|\n|\r/));
    }),
    { seed: 7, numRuns: 1000 },
  );
});
