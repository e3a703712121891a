import { expect, test } from "vitest";
import { ShapeError } from "../errors.js";
import { differentiate } from "./differentiate.js";
import * as op from "./operations.js";
import { topologicalOrder } from "./tensor.js";

test("refuses a loss of several values", () => {
  expect(() => differentiate(op.input("x", [2, 1]), [])).toThrow(
    new ShapeError("differentiate: the loss must be one value, got shape [2, 1]"),
  );
});

test("a target that the loss does not depend on gets zeros of its shape", () => {
  const x = op.input("x", [2]);
  const [gradient] = differentiate(op.sum(x), [op.input("unused", [3, 1])]);
  expect(gradient).toMatchObject({ shape: [3, 1], operation: { kind: "constant", value: new Float32Array(3) } });
});

test("no gradient is built for what is not a target", () => {
  const x = op.input("x", [4, 2, 4, 4]);
  const weights = op.input("weights", [3, 2, 3, 3, 3]);
  const gradients = differentiate(op.sum(op.conv3d(x, weights, 2)), [weights]);
  const kinds = topologicalOrder(gradients).map(({ operation }) => operation.kind);
  expect(kinds).toContain("conv3dFilterGradient");
  expect(kinds).not.toContain("conv3dInputGradient");
});

test("gradients have the shape of their targets, whatever was broadcast", () => {
  const shapes = [[], [1], [3], [1, 3], [2, 1], [2, 3]];
  const targets = shapes.map((shape, i) => op.input(`x${i}`, shape));
  const total = targets.reduce((sum, target) => op.multiply(sum, target));
  expect(differentiate(op.sum(total), targets).map(({ shape }) => shape)).toEqual(shapes);
});

test("deep graphs do not overflow the stack", () => {
  let x = op.input("x", []);
  const start = x;
  for (let i = 0; i < 20_000; i++) x = op.add(x, 1);
  expect(differentiate(x, [start])[0].shape).toEqual([]);
});
