import type { Tensor } from "../tensor.js";
import { onlyUserOf } from "./users.js";

/** A convolution with constant weights, and what can be done with it at once. */
export interface FusedConvolution {
  readonly input: Tensor;
  readonly weights: Tensor & { readonly operation: { readonly kind: "constant"; readonly value: Float32Array } };
  readonly depth: number;
  readonly stride: 1 | 2;
  readonly bias: Float32Array;
  /** The convolution with its bias, before anything is added. */
  readonly shifted: Tensor;
  readonly added: Tensor | undefined;
  readonly isRectified: boolean;
}

/**
 * Convolutions whose weights are constant, by the last of what they do besides: adding a bias and another tensor, ReLU; and the
 * tensors in between, which have no other user.
 * @param isPossible which are wanted
 */
export function fuseConvolutions(
  order: readonly Tensor[],
  outputs: readonly Tensor[],
  isPossible: (convolution: Pick<FusedConvolution, "weights">) => boolean,
) {
  const onlyUser = onlyUserOf(order, outputs);
  const fused = new Map<Tensor, FusedConvolution>();
  const parts = new Set<Tensor>();
  for (const convolution of order) {
    const [input, weights] = convolution.inputs;
    const { operation } = convolution;
    if (operation.kind !== "conv3d" || !isConstant(weights) || !isPossible({ weights }) || input.shape.length !== 4)
      continue;
    let last = convolution;
    const take = (next: Tensor): void => {
      parts.add(last);
      last = next;
    };
    const outputChannels = weights.shape[0];
    let bias = new Float32Array(outputChannels);
    let added: Tensor | undefined;
    const withBias = onlyUser(last);
    const [, shift] = withBias?.operation.kind === "add" ? withBias.inputs : [];
    if (withBias && shift && isConstant(shift) && shift.shape.join() === `1,${outputChannels},1,1`) {
      bias = shift.operation.value.slice();
      take(withBias);
    }
    const shifted = last;
    const sum = onlyUser(last);
    const other = sum?.operation.kind === "add" ? sum.inputs.find((one) => one !== last) : undefined;
    if (sum && other && !isConstant(other) && other.shape.join() === last.shape.join()) {
      added = other;
      take(sum);
    }
    const rectified = onlyUser(last);
    const isRectified = rectified?.operation.kind === "relu";
    if (isRectified) take(rectified);
    const { depth, stride } = operation;
    fused.set(last, { input, weights, depth, stride, bias, shifted, added, isRectified });
  }
  return { fused, parts };
}

export function isConstant(tensor: Tensor): tensor is FusedConvolution["weights"] {
  return tensor.operation.kind === "constant";
}
