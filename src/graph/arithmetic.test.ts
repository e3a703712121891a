import { expect, test } from "vitest";
import { differentiate, floatingPointOperations, op } from "./index.js";

test("a matrix product costs two operations a term, whichever side is transposed", () => {
  const a = op.input("a", [4, 3]);
  const b = op.input("b", [5, 3]);
  expect(floatingPointOperations([op.matmul(a, b, { transposeB: true })])).toBe(2 * 4 * 5 * 3);
  expect(floatingPointOperations([op.matmul(b, a, { transposeB: true }), op.add(a, a)])).toBe(2 * 4 * 5 * 3);
  const c = op.input("c", [3, 7]);
  expect(floatingPointOperations([op.matmul(c, op.input("d", [3, 2]), { transposeA: true })])).toBe(2 * 7 * 2 * 3);
});

test("a convolution costs 27 multiply-adds a pair of channels and voxel, and its gradients twice that", () => {
  // 2 volumes of 4 slices, 3 channels to 5, stride 2
  const input = op.input("x", [8, 3, 6, 6]);
  const weights = op.input("w", [5, 3, 3, 3, 3]);
  const output = op.conv3d(input, weights, 4, 2);
  expect(output.shape).toEqual([4, 5, 3, 3]);
  const forward = 2 * 27 * 3 * 5 * (4 * 3 * 3);
  expect(floatingPointOperations([output])).toBe(forward);
  expect(floatingPointOperations(differentiate(op.sum(output, [0, 1, 2, 3]), [input, weights]))).toBe(2 * forward);
});

test("what several outputs share counts once", () => {
  const product = op.matmul(op.input("a", [2, 2]), op.input("b", [2, 2]));
  expect(floatingPointOperations([op.relu(product), op.add(product, 1)])).toBe(16);
});
