/**
 * Networks with constant weights in ONNX Runtime's blocked channel layout, `[M, C / block, H, W, block]`, from one convolution to the
 * next. By itself ONNX Runtime goes back to the plain layout wherever slices are stacked with their neighbours along z, a third of
 * the time of a network. Stacking, repeating and adding slices are the same in either layout; bias, an addition and ReLU are done by the
 * convolution. Shapes are those of the plain layout throughout.
 */
import type { Shape } from "../operation.js";
import type { Tensor } from "../tensor.js";
import type { Emitter } from "./emitter.js";
import { type FusedConvolution, fuseConvolutions } from "./fused-convolutions.js";
import { stackNeighbours } from "./lower-convolution.js";

/** How values are named whose layout is blocked or plain, as their users need them. */
export interface BlockedLayout {
  /** The name of a tensor's value if it is made in the blocked layout, alone or as a part of a later one; else undefined. */
  lower(tensor: Tensor): string | undefined;
  /** The value in the plain layout, by the name that `lower` or a plain rule gave. */
  plain(name: string): string;
}

/** ReorderInput takes channels in these many. */
const CHANNEL_MULTIPLE = 8;

/**
 * @param order every tensor of the graph, inputs before users
 * @param nameOf the name of a tensor's value, once it is lowered
 */
export function createBlockedLayout(
  emitter: Emitter,
  order: readonly Tensor[],
  outputs: readonly Tensor[],
  block: number,
  nameOf: (tensor: Tensor) => string,
): BlockedLayout {
  const isPossible = ({ weights }: Pick<FusedConvolution, "weights">): boolean => {
    const [outputChannels, inputChannels] = weights.shape;
    return (
      outputChannels % block === 0 && (inputChannels % block === 0 || (3 * inputChannels) % CHANNEL_MULTIPLE === 0)
    );
  };
  const { fused, parts } = fuseConvolutions(order, outputs, isPossible);
  /** Channels of the values that are blocked. */
  const blocked = new Map<string, number>();
  const isBlocked = (tensor: Tensor) => blocked.has(nameOf(tensor));
  const fits = ({ shape }: Tensor) => shape.length === 4 && shape[1] % block === 0;
  const asBlocked = (tensor: Tensor): string => {
    const name = nameOf(tensor);
    return blocked.has(name) ? name : emitter.once(`blocked ${name}`, () => emitter.emit("ReorderInput", [name]));
  };
  const made = (tensor: Tensor, name: string): string => {
    blocked.set(name, tensor.shape[1]);
    return name;
  };

  const convolve = (tensor: Tensor, convolution: FusedConvolution): string => {
    const { input, weights, depth, stride, bias, added, isRectified } = convolution;
    const x = fits(input) ? asBlocked(input) : nameOf(input);
    const stacked = stackNeighbours(emitter, x, input.shape, depth, stride);
    const kernel = blockedKernel(weights.operation.value, weights.shape, block);
    const inputs = [
      fits(input) ? stacked : emitter.emit("ReorderInput", [stacked]),
      emitter.floats(kernel.values, kernel.shape),
      emitter.floats(bias, [bias.length]),
      ...(added ? [asBlocked(added)] : []),
    ];
    const spatial = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride], dilations: [1, 1] };
    const attributes = { ...spatial, group: 1, auto_pad: "NOTSET", ...(isRectified && { activation: "Relu" }) };
    return made(tensor, emitter.emit("BlockedConv", inputs, attributes));
  };

  return {
    lower(tensor) {
      if (parts.has(tensor)) return ""; // nobody asks for its value but the convolution that it is a part of
      const convolution = fused.get(tensor);
      if (convolution) return convolve(tensor, convolution);
      const { operation, inputs, shape } = tensor;
      if (!fits(tensor) || !inputs.some(isBlocked)) {
        const isUpsampled = operation.kind === "upsample" && fits(tensor);
        return isUpsampled ? made(tensor, upsample(emitter, asBlocked(inputs[0]), operation.depth, shape)) : undefined;
      }
      const isScalar = ({ shape: other }: Tensor) => other.length === 0;
      const isLike = ({ shape: other }: Tensor) => other.join() === shape.join();
      switch (operation.kind) {
        case "relu":
          return made(tensor, emitter.emit("Relu", [asBlocked(inputs[0])]));
        case "add":
        case "multiply": {
          if (!inputs.every((input) => isScalar(input) || isLike(input))) return undefined;
          const names = inputs.map((input) => (isScalar(input) ? nameOf(input) : asBlocked(input)));
          return made(tensor, emitter.emit(operation.kind === "add" ? "Add" : "Mul", names));
        }
        case "concat":
          if (operation.axis !== 1 || !inputs.every(fits)) return undefined;
          return made(tensor, emitter.emit("Concat", inputs.map(asBlocked), { axis: 1 }));
        case "upsample":
          return made(tensor, upsample(emitter, asBlocked(inputs[0]), operation.depth, shape));
        case "sumPool":
          return made(tensor, sumPool(emitter, asBlocked(inputs[0]), shape));
        default:
          return undefined;
      }
    },
    plain(name) {
      const channels = blocked.get(name);
      return channels === undefined
        ? name
        : emitter.once(`plain ${name}`, () => emitter.emit("ReorderOutput", [name], { channels }));
    },
  };
}

/** Weights `[O, C, kz, ky, kx]` for stacked slices: `[O / block, 3 C / block, ky, kx, block (input), block (output)]`, filled up with zeros. */
function blockedKernel(weights: Float32Array, [outputs, channels]: Shape, block: number) {
  const stacked = Math.ceil((3 * channels) / block) * block;
  const values = new Float32Array(outputs * stacked * 9);
  for (let o = 0, from = 0; o < outputs; o++)
    for (let c = 0; c < channels; c++)
      for (let kz = 0; kz < 3; kz++)
        for (let tap = 0; tap < 9; tap++, from++) {
          const i = kz * channels + c;
          const blocks = Math.floor(o / block) * (stacked / block) + Math.floor(i / block);
          values[((blocks * 9 + tap) * block + (i % block)) * block + (o % block)] = weights[from];
        }
  return { values, shape: [outputs, stacked, 3, 3] };
}

export function upsample(emitter: Emitter, x: string, depth: number, [, channels, height, width]: Shape): string {
  const wide = emitter.emit("BlockedUpsample", [x], { scales: [1, 1, 2, 2], mode: "nearest" });
  const planes = emitter.reshape(wide, [-1, depth, channels * height * width]);
  const repeated = Array.from({ length: 2 * depth }, (_, z) => Math.floor(z / 2));
  const gathered = emitter.emit("Gather", [planes, emitter.integers(repeated)], { axis: 1 });
  return emitter.reshape(gathered, [-1, channels, height, width]);
}

export function sumPool(emitter: Emitter, x: string, [, channels, height, width]: Shape): string {
  const means = emitter.emit("BlockedAveragePool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const pairs = emitter.reshape(means, [-1, 2, channels * height * width]);
  const sums = emitter.emit("ReduceSum", [pairs, emitter.integers([1])], { keepdims: 1 });
  const scaled = emitter.emit("Mul", [sums, emitter.floats(Float32Array.of(4), [])]);
  return emitter.reshape(scaled, [-1, channels, height, width]);
}
