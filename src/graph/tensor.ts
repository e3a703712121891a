/**
 * The differentiable graph: typed nodes with static shapes. A `Tensor` is a node; its inputs are other nodes, so a graph
 * is whatever its outputs reach. The same nodes express forward pass, backward pass and optimiser; `encodeOnnx` turns
 * them into one ONNX model. All values are float32.
 */
import type { Operation, Shape } from "./operation.js";
import { inferShape } from "./shape.js";

/** A node of a graph: the operation that gives it, and its static shape. */
export interface Tensor {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
}

/**
 * Adds a node. The one place where shapes are checked; everything downstream may trust `shape`.
 * @throws ShapeError naming the operation and the shapes that do not fit.
 */
export function node(operation: Operation, ...inputs: readonly Tensor[]): Tensor {
  const shapes = inputs.map(({ shape }) => shape);
  return { operation, inputs, shape: inferShape(operation, shapes) };
}

/** Every node the outputs depend on, inputs before users. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // Iterative depth-first walk: a training step is thousands of nodes deep.
  const stack: { tensor: Tensor; next: number }[] = [];
  const enter = (tensor: Tensor): void => {
    if (!seen.has(tensor)) stack.push({ tensor, next: 0 });
    seen.add(tensor);
  };
  for (const output of outputs) {
    enter(output);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const input = top.tensor.inputs[top.next++];
      if (input) enter(input);
      else {
        order.push(top.tensor);
        stack.pop();
      }
    }
  }
  return order;
}
