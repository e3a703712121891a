import { ShapeError } from "../errors.js";
import type { Operation, Shape } from "./operation.js";

/**
 * The output shape of an operation on inputs of these shapes.
 * @throws ShapeError when they do not fit; the message carries the operation and the numbers.
 */
export function inferShape(operation: Operation, inputs: readonly Shape[]): Shape {
  const check: (condition: boolean, expected: string) => asserts condition = (condition, expected) => {
    if (!condition) {
      const got = inputs.map((shape) => `[${shape.join(", ")}]`).join(" and ");
      throw new ShapeError(`${operation.kind}: expected ${expected}, got ${got || "no input"}`);
    }
  };
  const [a = [], b = []] = inputs;
  switch (operation.kind) {
    case "input":
      return operation.shape;
    case "constant":
      check(
        operation.value.length === elementCount(operation.shape),
        `${elementCount(operation.shape)} values for shape [${operation.shape.join(", ")}], not ${operation.value.length}`,
      );
      return operation.shape;
    case "negate":
    case "exp":
    case "log":
    case "sqrt":
    case "abs":
    case "sign":
    case "step":
    case "sigmoid":
    case "relu":
    case "softplus":
    case "stopGradient":
      check(inputs.length === 1, "one input");
      return a;
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
    case "equal":
    case "greater": {
      check(inputs.length === 2, "two inputs");
      const shape = broadcastShapes(a, b);
      check(shape !== undefined, "shapes that broadcast");
      return shape;
    }
    case "reduce":
      check(
        operation.axes.every((axis) => axis >= 0 && axis < a.length),
        `axes ${operation.axes.join(", ")} to exist`,
      );
      return a.map((length, axis) => (operation.axes.includes(axis) ? 1 : length));
    case "matmul": {
      check(a.length >= 2 && b.length >= 2, "two matrices");
      const matrix = (shape: Shape, transposed: boolean) => (transposed ? shape.slice(-2).reverse() : shape.slice(-2));
      const [rows, innerA] = matrix(a, operation.transposeA);
      const [innerB, columns] = matrix(b, operation.transposeB);
      const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
      check(
        innerA === innerB && batch !== undefined,
        `equal inner lengths (transposeA ${operation.transposeA}, transposeB ${operation.transposeB})`,
      );
      return [...batch, rows, columns];
    }
    case "largestIntegerProduct":
      check(a.length === 2 && b.length === 3 && a[1] === b[0], "whole numbers [M, K] and [K, group, N]");
      return [a[0], b[2]];
    case "reshape":
      check(elementCount(a) === elementCount(operation.shape), `${elementCount(operation.shape)} values`);
      return operation.shape;
    case "transpose":
      check(
        operation.permutation.length === a.length && new Set(operation.permutation).size === a.length,
        `a permutation of ${a.length} axes`,
      );
      return operation.permutation.map((axis) => a[axis]);
    case "slice":
      check(
        operation.start >= 0 && operation.end > operation.start && operation.end <= (a[operation.axis] ?? 0),
        `axis ${operation.axis} to hold ${operation.start}..${operation.end}`,
      );
      return replaceAxis(a, operation.axis, operation.end - operation.start);
    case "pad":
      check(operation.axis < a.length, `axis ${operation.axis} to exist`);
      return replaceAxis(a, operation.axis, a[operation.axis] + operation.before + operation.after);
    case "concat": {
      const rest = replaceAxis(a, operation.axis, 0).join();
      check(
        inputs.every((shape) => replaceAxis(shape, operation.axis, 0).join() === rest),
        `equal shapes but for axis ${operation.axis}`,
      );
      return replaceAxis(
        a,
        operation.axis,
        inputs.reduce((sum, shape) => sum + shape[operation.axis], 0),
      );
    }
    case "expand":
      check(
        broadcastShapes(a, operation.shape)?.join() === operation.shape.join(),
        `to expand to [${operation.shape}]`,
      );
      return operation.shape;
    case "batchNorm":
      check(
        inputs.length === 5 && a.length === 4 && inputs.slice(1).every((shape) => shape.join() === `1,${a[1]},1,1`),
        "slices [M, C, H, W] and gamma, beta, mean, variance as [1, C, 1, 1]",
      );
      return a;
    case "conv3d":
      check(
        isSliced(a, operation.depth) && isFilter(b) && b[1] === a[1],
        `slices [N * ${operation.depth}, C, H, W] and weights [O, C, 3, 3, 3]`,
      );
      check(
        [operation.depth, a[2], a[3]].every((length) => length % operation.stride === 0),
        `depth, height and width that are multiples of the stride ${operation.stride}`,
      );
      return [a[0] / operation.stride, b[0], a[2] / operation.stride, a[3] / operation.stride];
    case "conv3dInputGradient":
      check(isFilter(b) && b[0] === a[1], "output gradient [N * D, O, H, W] and weights [O, C, 3, 3, 3]");
      return [a[0] * operation.stride, b[1], a[2] * operation.stride, a[3] * operation.stride];
    case "conv3dFilterGradient":
      check(
        isSliced(a, operation.depth) && b.length === 4 && a[0] / operation.stride === b[0],
        `input and output gradient as slices of depth ${operation.depth}`,
      );
      return [b[1], a[1], 3, 3, 3];
    case "upsample":
      check(isSliced(a, operation.depth), `slices [N * ${operation.depth}, C, H, W]`);
      return [a[0] * 2, a[1], a[2] * 2, a[3] * 2];
    case "sumPool":
    case "maxPool":
      check(
        isSliced(a, operation.depth) && operation.depth % 2 === 0 && a[2] % 2 === 0 && a[3] % 2 === 0,
        `slices [N * ${operation.depth}, C, H, W] with even edges`,
      );
      return [a[0] / 2, a[1], a[2] / 2, a[3] / 2];
  }
}

/** The number of elements of a tensor of this shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The NumPy broadcast of two shapes, or undefined where they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    shape.push(Math.max(x, y));
  }
  return shape;
}

function replaceAxis(shape: Shape, axis: number, length: number): Shape {
  return shape.map((old, i) => (i === axis ? length : old));
}

function isSliced(shape: Shape, depth: number): boolean {
  return shape.length === 4 && shape[0] % depth === 0;
}

function isFilter(shape: Shape): boolean {
  return shape.length === 5 && shape.slice(2).every((length) => length === 3);
}
