import { add, divide, multiply, relu, sqrt, subtract, sum } from "./operations.js";
import type { Tensor } from "./tensor.js";

/** What a step changes: flat vectors of one length. */
export interface AdamWState {
  readonly parameters: Tensor;
  readonly momentum: Tensor;
  readonly velocity: Tensor;
}

/** Rates of a step; beta1, beta2 and epsilon are 0.9, 0.999 and 1e-8 where they are left out, as in the paper. */
export interface AdamWOptions {
  /** One value each, as graph inputs: they change from step to step. */
  readonly learningRate: Tensor;
  /** 1 / (1 - beta1^t) and 1 / (1 - beta2^t). */
  readonly momentumCorrection: Tensor;
  readonly velocityCorrection: Tensor;
  /** 1 for parameters that decay, 0 for those that do not (biases, norms). */
  readonly decays: Tensor;
  readonly weightDecay: number;
  /** Gradients longer than this are scaled down to it. */
  readonly clipNorm: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019) on flat vectors, the gradient clipped by its length:
 *   g = g / max(1, |g| / clip);  m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2
 *   p = p - rate (m^ / (sqrt(v^) + epsilon) + decay p)
 */
export function adamW(
  state: AdamWState,
  gradient: Tensor,
  {
    learningRate,
    momentumCorrection,
    velocityCorrection,
    decays,
    weightDecay,
    clipNorm,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
  }: AdamWOptions,
): AdamWState & { readonly gradientNorm: Tensor } {
  const gradientNorm = sqrt(sum(multiply(gradient, gradient)));
  // max(1, x) = 1 + relu(x - 1)
  const excess = add(relu(subtract(multiply(gradientNorm, 1 / clipNorm), 1)), 1);
  const clipped = divide(gradient, excess);
  const momentum = add(multiply(state.momentum, beta1), multiply(clipped, 1 - beta1));
  const velocity = add(multiply(state.velocity, beta2), multiply(multiply(clipped, clipped), 1 - beta2));
  const direction = divide(
    multiply(momentum, momentumCorrection),
    add(sqrt(multiply(velocity, velocityCorrection)), epsilon),
  );
  const decayed = multiply(multiply(state.parameters, decays), weightDecay);
  const parameters = subtract(state.parameters, multiply(add(direction, decayed), learningRate));
  return { parameters, momentum, velocity, gradientNorm };
}
