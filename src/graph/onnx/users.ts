import type { Tensor } from "../tensor.js";

/** Who uses a tensor's value when nothing else does and it is no output of the graph: only then may the two be done as one. */
export function onlyUserOf(
  order: readonly Tensor[],
  outputs: readonly Tensor[],
): (tensor: Tensor) => Tensor | undefined {
  const users = new Map<Tensor, (Tensor | undefined)[]>();
  const add = (tensor: Tensor, user: Tensor | undefined) => users.set(tensor, [...(users.get(tensor) ?? []), user]);
  for (const tensor of order) for (const input of tensor.inputs) add(input, tensor);
  for (const output of outputs) add(output, undefined);
  return (tensor) => {
    const own = users.get(tensor) ?? [];
    return own.length === 1 ? own[0] : undefined;
  };
}
