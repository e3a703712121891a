import { ShapeError } from "../errors.js";
import { gradientRules, type Rule } from "./gradients.js";
import type { Operation, Shape } from "./operation.js";
import { add, constant, reshape, sum } from "./operations.js";
import { elementCount } from "./shape.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

/**
 * The gradient of a scalar loss in each target, as new nodes of the same graph (reverse mode).
 * Targets the loss does not depend on get zeros.
 * @throws ShapeError when the loss is not a single value.
 */
export function differentiate(loss: Tensor, targets: readonly Tensor[]): Tensor[] {
  if (elementCount(loss.shape) !== 1)
    throw new ShapeError(`differentiate: the loss must be one value, got shape [${loss.shape.join(", ")}]`);
  const order = topologicalOrder([loss]);
  const needed = new Set<Tensor>(targets);
  for (const tensor of order) if (tensor.inputs.some((input) => needed.has(input))) needed.add(tensor);

  const gradients = new Map<Tensor, Tensor>([[loss, constant(1, loss.shape)]]);
  for (const tensor of order.reverse()) {
    const gradient = gradients.get(tensor);
    if (gradient === undefined || !tensor.inputs.some((input) => needed.has(input))) continue;
    // The table is keyed by kind, so the rule's operation type is the tensor's; TypeScript cannot correlate the two.
    const rule = gradientRules[tensor.operation.kind] as Rule<Operation["kind"]>;
    const contributions = rule(tensor.operation, tensor.inputs, tensor, gradient);
    tensor.inputs.forEach((input, i) => {
      const contribution = contributions[i];
      if (contribution === undefined || !needed.has(input)) return;
      const fitted = sumToShape(contribution, input.shape);
      const before = gradients.get(input);
      gradients.set(input, before === undefined ? fitted : add(before, fitted));
    });
  }
  return targets.map((target) => gradients.get(target) ?? constant(0, target.shape));
}

/** Undoes broadcasting: sums the axes along which a value of `shape` had been repeated. */
function sumToShape(gradient: Tensor, shape: Shape): Tensor {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < extra || (shape[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape);
}
