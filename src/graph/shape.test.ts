import { expect, test } from "vitest";
import { ShapeError } from "../errors.js";
import type { Operation, Shape } from "./operation.js";
import { broadcastShapes, inferShape } from "./shape.js";

const conv = { depth: 4, stride: 1 } as const;

const refused: readonly [Operation, Shape[], string][] = [
  [
    { kind: "constant", value: new Float32Array(3), shape: [2, 2] },
    [],
    "constant: expected 4 values for shape [2, 2], not 3, got no input",
  ],
  [{ kind: "relu" }, [[2], [2]], "relu: expected one input, got [2] and [2]"],
  [{ kind: "add" }, [[2]], "add: expected two inputs, got [2]"],
  [{ kind: "divide" }, [[2, 3], [2]], "divide: expected shapes that broadcast, got [2, 3] and [2]"],
  [{ kind: "reduce", how: "sum", axes: [0, 2] }, [[2, 3]], "reduce: expected axes 0, 2 to exist, got [2, 3]"],
  [{ kind: "reduce", how: "max", axes: [-1] }, [[2, 3]], "reduce: expected axes -1 to exist, got [2, 3]"],
  [
    { kind: "matmul", transposeA: false, transposeB: false },
    [[3], [3, 2]],
    "matmul: expected two matrices, got [3] and [3, 2]",
  ],
  [
    { kind: "matmul", transposeA: false, transposeB: true },
    [
      [2, 3],
      [3, 4],
    ],
    "matmul: expected equal inner lengths (transposeA false, transposeB true), got [2, 3] and [3, 4]",
  ],
  [
    { kind: "matmul", transposeA: false, transposeB: false },
    [
      [2, 2, 3],
      [3, 3, 4],
    ],
    "matmul: expected equal inner lengths (transposeA false, transposeB false), got [2, 2, 3] and [3, 3, 4]",
  ],
  [{ kind: "reshape", shape: [4] }, [[2, 3]], "reshape: expected 4 values, got [2, 3]"],
  [{ kind: "transpose", permutation: [0] }, [[2, 3]], "transpose: expected a permutation of 2 axes, got [2, 3]"],
  [{ kind: "transpose", permutation: [1, 1] }, [[2, 3]], "transpose: expected a permutation of 2 axes, got [2, 3]"],
  [{ kind: "slice", axis: 1, start: 1, end: 4 }, [[2, 3]], "slice: expected axis 1 to hold 1..4, got [2, 3]"],
  [{ kind: "slice", axis: 1, start: 2, end: 2 }, [[2, 3]], "slice: expected axis 1 to hold 2..2, got [2, 3]"],
  [{ kind: "slice", axis: 0, start: -1, end: 1 }, [[2, 3]], "slice: expected axis 0 to hold -1..1, got [2, 3]"],
  [{ kind: "slice", axis: 2, start: 0, end: 1 }, [[2, 3]], "slice: expected axis 2 to hold 0..1, got [2, 3]"],
  [{ kind: "pad", axis: 2, before: 1, after: 0 }, [[2, 3]], "pad: expected axis 2 to exist, got [2, 3]"],
  [
    { kind: "concat", axis: 1 },
    [
      [2, 3],
      [3, 3],
    ],
    "concat: expected equal shapes but for axis 1, got [2, 3] and [3, 3]",
  ],
  [{ kind: "expand", shape: [2, 3] }, [[2, 2]], "expand: expected to expand to [2,3], got [2, 2]"],
  [{ kind: "expand", shape: [1, 3] }, [[2, 3]], "expand: expected to expand to [1,3], got [2, 3]"],
  [
    { kind: "batchNorm", epsilon: 1e-5 },
    [[2, 3, 4, 4], [1, 3, 1, 1], [1, 3, 1, 1], [1, 3, 1, 1], [3]],
    "batchNorm: expected slices [M, C, H, W] and gamma, beta, mean, variance as [1, C, 1, 1], " +
      "got [2, 3, 4, 4] and [1, 3, 1, 1] and [1, 3, 1, 1] and [1, 3, 1, 1] and [3]",
  ],
  [
    { kind: "conv3d", ...conv },
    [
      [6, 2, 4, 4],
      [3, 2, 3, 3, 3],
    ],
    "conv3d: expected slices [N * 4, C, H, W] and weights [O, C, 3, 3, 3], got [6, 2, 4, 4] and [3, 2, 3, 3, 3]",
  ],
  [
    { kind: "conv3d", ...conv },
    [
      [8, 2, 4, 4],
      [3, 4, 3, 3, 3],
    ],
    "conv3d: expected slices [N * 4, C, H, W] and weights [O, C, 3, 3, 3], got [8, 2, 4, 4] and [3, 4, 3, 3, 3]",
  ],
  [
    { kind: "conv3d", ...conv },
    [
      [8, 2, 4, 4],
      [3, 2, 5, 5, 5],
    ],
    "conv3d: expected slices [N * 4, C, H, W] and weights [O, C, 3, 3, 3], got [8, 2, 4, 4] and [3, 2, 5, 5, 5]",
  ],
  [
    { kind: "conv3d", depth: 4, stride: 2 },
    [
      [8, 2, 5, 4],
      [3, 2, 3, 3, 3],
    ],
    "conv3d: expected depth, height and width that are multiples of the stride 2, got [8, 2, 5, 4] and [3, 2, 3, 3, 3]",
  ],
  [
    { kind: "conv3dInputGradient", ...conv },
    [
      [8, 2, 4, 4],
      [3, 2, 3, 3, 3],
    ],
    "conv3dInputGradient: expected output gradient [N * D, O, H, W] and weights [O, C, 3, 3, 3], " +
      "got [8, 2, 4, 4] and [3, 2, 3, 3, 3]",
  ],
  [
    { kind: "conv3dFilterGradient", depth: 4, stride: 2 },
    [
      [8, 2, 4, 4],
      [8, 3, 2, 2],
    ],
    "conv3dFilterGradient: expected input and output gradient as slices of depth 4, got [8, 2, 4, 4] and [8, 3, 2, 2]",
  ],
  [{ kind: "upsample", depth: 4 }, [[6, 2, 4, 4]], "upsample: expected slices [N * 4, C, H, W], got [6, 2, 4, 4]"],
  [
    { kind: "sumPool", depth: 3 },
    [[6, 2, 4, 4]],
    "sumPool: expected slices [N * 3, C, H, W] with even edges, got [6, 2, 4, 4]",
  ],
  [
    { kind: "maxPool", depth: 2 },
    [[6, 2, 4, 5]],
    "maxPool: expected slices [N * 2, C, H, W] with even edges, got [6, 2, 4, 5]",
  ],
];

for (const [operation, shapes, message] of refused) {
  test(`refuses ${message}`, () => {
    expect(() => inferShape(operation, shapes)).toThrow(new ShapeError(message));
  });
}

const accepted: readonly [Operation, Shape[], Shape][] = [
  [{ kind: "input", name: "x", shape: [2, 3], type: "float32" }, [], [2, 3]],
  [{ kind: "exp" }, [[2, 3]], [2, 3]],
  [
    { kind: "multiply" },
    [
      [4, 1, 3],
      [2, 1],
    ],
    [4, 2, 3],
  ],
  [{ kind: "reduce", how: "mean", axes: [0, 2] }, [[2, 3, 4]], [1, 3, 1]],
  [
    { kind: "matmul", transposeA: true, transposeB: true },
    [
      [5, 3, 2],
      [4, 3],
    ],
    [5, 2, 4],
  ],
  [{ kind: "transpose", permutation: [2, 0, 1] }, [[2, 3, 4]], [4, 2, 3]],
  [{ kind: "slice", axis: 1, start: 1, end: 3 }, [[2, 3]], [2, 2]],
  [{ kind: "pad", axis: 0, before: 1, after: 2 }, [[2, 3]], [5, 3]],
  [
    { kind: "concat", axis: 0 },
    [
      [2, 3],
      [1, 3],
    ],
    [3, 3],
  ],
  [
    { kind: "conv3d", depth: 4, stride: 2 },
    [
      [8, 2, 6, 4],
      [5, 2, 3, 3, 3],
    ],
    [4, 5, 3, 2],
  ],
  [
    { kind: "conv3dInputGradient", depth: 4, stride: 2 },
    [
      [4, 5, 3, 2],
      [5, 2, 3, 3, 3],
    ],
    [8, 2, 6, 4],
  ],
  [
    { kind: "conv3dFilterGradient", depth: 4, stride: 2 },
    [
      [8, 2, 6, 4],
      [4, 5, 3, 2],
    ],
    [5, 2, 3, 3, 3],
  ],
  [{ kind: "upsample", depth: 4 }, [[8, 2, 3, 5]], [16, 2, 6, 10]],
  [{ kind: "maxPool", depth: 4 }, [[8, 2, 4, 6]], [4, 2, 2, 3]],
];

test("output shapes", () => {
  for (const [operation, shapes, shape] of accepted)
    expect(inferShape(operation, shapes), operation.kind).toEqual(shape);
});

test("shapes broadcast as in NumPy", () => {
  expect(broadcastShapes([2, 1], [3])).toEqual([2, 3]);
  expect(broadcastShapes([], [4, 5])).toEqual([4, 5]);
  expect(broadcastShapes([2], [3])).toBeUndefined();
});
