import { expect, test } from "vitest";
import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";
import { leaveOneOut } from "./leave-one-out.js";

const description = { similarity: "cosine", temperature: 10 } as ModelDescription;
const unit = (...angles: number[]): Embedded => ({
  embeddings: Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
  size: 2,
});

test("each support is classified by the others; a lone one by none; a mislabelled one stands out", () => {
  // Class 0 near 0, with one support near class 1; class 1 near 2; class 2 has a single support.
  const supports = unit(0, 0.1, 2.05, 2, 2.1, -2);
  expect(leaveOneOut(supports, [0, 0, 0, 1, 1, 2], { classCount: 3, description })).toEqual([0, 0, 1, 1, 1, undefined]);
});
