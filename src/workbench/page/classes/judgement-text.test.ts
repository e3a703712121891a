import { expect, test } from "vitest";
import { judgementText } from "./judgement-text.js";

const nameOf = (id: string | null) => (id === null ? "none of these" : `the ${id}`);
const example = { classId: "class-1" };

test("agreement, another class, and what is odd are said, the odd first", () => {
  const judged = { exampleId: "example-1", judgedClassId: "class-1", similarity: 0.817 };
  expect(judgementText(example, judged, nameOf)).toEqual({
    kind: "good",
    text: "The other examples agree (similarity 0.82).",
  });
  expect(judgementText(example, { ...judged, judgedClassId: "class-2" }, nameOf)?.text).toContain("the class-2");
  expect(judgementText(example, { ...judged, warning: "Nothing is there." }, nameOf)).toEqual({
    kind: "bad",
    text: "Nothing is there.",
  });
});

test("nothing is said where nothing is known", () => {
  expect(judgementText(example, undefined, nameOf)).toBeUndefined();
  expect(judgementText(example, { exampleId: "example-1" }, nameOf)).toBeUndefined();
});
