/** One gradient rule an operation, over the same graph: the backward pass is just more nodes. */

import type { Operation, OperationOf } from "./operation.js";
import {
  add,
  divide,
  equal,
  expand,
  matmul,
  multiply,
  negate,
  pad,
  reshape,
  sigmoid,
  sign,
  slice,
  sqrt,
  step,
  subtract,
  sum,
  sumPool,
  transpose,
  upsample,
} from "./operations.js";
import { elementCount } from "./shape.js";
import { node, type Tensor } from "./tensor.js";

/**
 * The gradient of the loss in each input, from its gradient in the output; undefined or left out where none flows. It may
 * have the shape that inputs are broadcast to: `differentiate` sums it back.
 */
export type Rule<K extends Operation["kind"]> = (
  operation: OperationOf<K>,
  inputs: readonly Tensor[],
  output: Tensor,
  gradient: Tensor,
) => readonly (Tensor | undefined)[];

const none = () => [];

/** The rule of every operation, by its kind. */
export const gradientRules: { readonly [K in Operation["kind"]]: Rule<K> } = {
  input: none,
  constant: none,
  stopGradient: none,
  // Piecewise constant.
  sign: none,
  step: none,
  equal: none,
  greater: none,
  largestIntegerProduct: none,

  negate: (_, __, ___, g) => [negate(g)],
  // d exp(x) = exp(x) dx
  exp: (_, __, y, g) => [multiply(g, y)],
  log: (_, [x], __, g) => [divide(g, x)],
  // d sqrt(x) = dx / (2 sqrt(x))
  sqrt: (_, __, y, g) => [divide(multiply(g, 0.5), y)],
  abs: (_, [x], __, g) => [multiply(g, sign(x))],
  // d s(x) = s (1 - s) dx
  sigmoid: (_, __, y, g) => [multiply(g, multiply(y, add(negate(y), 1)))],
  softplus: (_, [x], __, g) => [multiply(g, sigmoid(x))],
  relu: (_, __, y, g) => [multiply(g, step(y))],

  add: (_, __, ___, g) => [g, g],
  subtract: (_, __, ___, g) => [g, negate(g)],
  multiply: (_, [a, b], __, g) => [multiply(g, b), multiply(g, a)],
  // d(a / b) = da / b - (a / b) db / b
  divide: (_, [, b], y, g) => {
    const overB = divide(g, b);
    return [overB, negate(multiply(overB, y))];
  },

  reduce: (operation, [x], y, g) => {
    if (operation.how === "sum") return [expand(g, x.shape)];
    if (operation.how === "mean") return [expand(multiply(g, elementCount(y.shape) / elementCount(x.shape)), x.shape)];
    // Ties share the gradient equally.
    const winners = equal(x, y);
    return [multiply(winners, divide(g, sum(winners, operation.axes)))];
  },

  matmul: ({ transposeA, transposeB }, [a, b], _, g) => [
    transposeA ? matmul(b, g, { transposeA: transposeB, transposeB: true }) : matmul(g, b, { transposeB: !transposeB }),
    transposeB ? matmul(g, a, { transposeA: true, transposeB: transposeA }) : matmul(a, g, { transposeA: !transposeA }),
  ],

  reshape: (_, [x], __, g) => [reshape(g, x.shape)],
  transpose: ({ permutation }, _, __, g) => [
    transpose(
      g,
      permutation.map((___, axis) => permutation.indexOf(axis)),
    ),
  ],
  slice: ({ axis, start, end }, [x], _, g) => [pad(g, axis, start, x.shape[axis] - end)],
  pad: ({ axis, before }, [x], _, g) => [slice(g, axis, before, before + x.shape[axis])],
  concat: ({ axis }, inputs, _, g) => {
    let start = 0;
    return inputs.map((x) => slice(g, axis, start, (start += x.shape[axis])));
  },
  expand: (_, __, ___, g) => [g],

  // With M values a channel, r = 1 / sqrt(variance + epsilon), x^ = (x - mean) r, and sums over a channel:
  //   dbeta = sum g;  dgamma = sum g x^;  dx = gamma r (g - dbeta / M - x^ dgamma / M) = s g + a x + b
  batchNorm: ({ epsilon }, [x, gamma, _beta, mean, variance], _, g) => {
    const count = elementCount(x.shape) / x.shape[1];
    const r = divide(1, sqrt(add(variance, epsilon)));
    const dBeta = sum(g, [0, 2, 3]);
    const dGamma = multiply(subtract(sum(multiply(g, x), [0, 2, 3]), multiply(mean, dBeta)), r);
    const s = multiply(gamma, r);
    const a = multiply(multiply(s, r), multiply(dGamma, -1 / count));
    const b = subtract(multiply(multiply(s, dBeta), -1 / count), multiply(a, mean));
    return [add(multiply(g, s), add(multiply(x, a), b)), dGamma, dBeta];
  },

  conv3d: ({ depth, stride }, [x, weights], _, g) => [
    node({ kind: "conv3dInputGradient", depth, stride }, g, weights),
    node({ kind: "conv3dFilterGradient", depth, stride }, x, g),
  ],
  // The adjoint is bilinear in (output gradient, weights), so its own gradients are again convolutions.
  conv3dInputGradient: ({ depth, stride }, [g0, weights], _, g) => [
    node({ kind: "conv3d", depth, stride }, g, weights),
    node({ kind: "conv3dFilterGradient", depth, stride }, g, g0),
  ],
  conv3dFilterGradient: ({ depth, stride }, [x, g0], _, g) => [
    node({ kind: "conv3dInputGradient", depth, stride }, g0, g),
    node({ kind: "conv3d", depth, stride }, x, g),
  ],
  upsample: ({ depth }, _, __, g) => [sumPool(g, depth * 2)],
  sumPool: ({ depth }, _, __, g) => [upsample(g, depth / 2)],
  maxPool: ({ depth }, [x], y, g) => {
    const winners = equal(x, upsample(y, depth / 2));
    const each = divide(g, sumPool(winners, depth));
    return [multiply(winners, upsample(each, depth / 2))];
  },
};
