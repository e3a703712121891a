/** Every operation a graph may hold: one union, which the tables of shapes, gradients and lowerings are keyed by. */

/** Length along each axis; a scalar's is empty. */
export type Shape = readonly number[];

/** What an input holds: floating-point numbers, or whole numbers of 8 bits, which `largestIntegerProduct` alone takes. */
export type InputType = "float32" | "uint8" | "int8";
/** Operations on each value by itself; named as in ONNX, in lower case. */
export type UnaryKind = "negate" | "exp" | "log" | "sqrt" | "abs" | "sign" | "step" | "sigmoid" | "relu" | "softplus";
/** Operations on pairs of values, broadcast. */
export type BinaryKind = "add" | "subtract" | "multiply" | "divide" | "equal" | "greater";
/** How `reduce` joins the values along axes. */
export type Reduction = "sum" | "mean" | "max";

/** Every operation a graph may hold. Binary operations broadcast as NumPy does. */
export type Operation =
  | { readonly kind: "input"; readonly name: string; readonly shape: Shape; readonly type: InputType }
  | { readonly kind: "constant"; readonly value: Float32Array; readonly shape: Shape; readonly name?: string }
  | { readonly kind: UnaryKind }
  | { readonly kind: BinaryKind }
  /** Reduces `axes`, which stay with length 1. */
  | { readonly kind: "reduce"; readonly how: Reduction; readonly axes: readonly number[] }
  /** Batched matrix product over the last two axes; leading axes broadcast. */
  | { readonly kind: "matmul"; readonly transposeA: boolean; readonly transposeB: boolean }
  /**
   * Of the matrix product of `[M, K]` and `[K, group, N]`, both inputs of whole numbers, the largest of each group, `[M, N]`. The first
   * is unsigned, 128 standing for zero, the second signed and at most 63 from zero: the sums are exact.
   */
  | { readonly kind: "largestIntegerProduct" }
  | { readonly kind: "reshape"; readonly shape: Shape }
  | { readonly kind: "transpose"; readonly permutation: readonly number[] }
  | { readonly kind: "slice"; readonly axis: number; readonly start: number; readonly end: number }
  /** Zeros before and after along one axis: the adjoint of `slice`. */
  | { readonly kind: "pad"; readonly axis: number; readonly before: number; readonly after: number }
  | { readonly kind: "concat"; readonly axis: number }
  /** Repeats length-1 axes up to `shape`. */
  | { readonly kind: "expand"; readonly shape: Shape }
  /**
   * Batch normalisation of `[M, C, H, W]` with the batch's own statistics: inputs x, gamma, beta, mean, variance, the last
   * four `[1, C, 1, 1]`. Its gradient takes mean and variance as the functions of x that they are.
   */
  | { readonly kind: "batchNorm"; readonly epsilon: number }
  /** 3x3x3 convolution, zero padding 1, of slices `[N * depth, C, H, W]` with weights `[O, C, 3, 3, 3]` (z, y, x). */
  | { readonly kind: "conv3d"; readonly depth: number; readonly stride: 1 | 2 }
  /** Adjoint of conv3d in its input: (output gradient, weights) -> `[N * depth, C, H, W]`; `depth`, as in conv3d, of the input. */
  | { readonly kind: "conv3dInputGradient"; readonly depth: number; readonly stride: 1 | 2 }
  /** Adjoint of conv3d in its weights: (input, output gradient) -> `[O, C, 3, 3, 3]`. */
  | { readonly kind: "conv3dFilterGradient"; readonly depth: number; readonly stride: 1 | 2 }
  /** Nearest-neighbour upsampling by 2 of slices `[N * depth, C, H, W]` along z, y and x. */
  | { readonly kind: "upsample"; readonly depth: number }
  /** Sum over 2x2x2 cells: the adjoint of `upsample`; `depth` is that of the input. */
  | { readonly kind: "sumPool"; readonly depth: number }
  /** Maximum over 2x2x2 cells; `depth` is that of the input. */
  | { readonly kind: "maxPool"; readonly depth: number }
  /** The input unchanged, but no gradient flows through. */
  | { readonly kind: "stopGradient" };

/** The member of `Operation` that a kind belongs to. */
export type OperationOf<K extends Operation["kind"], O = Operation> = O extends { readonly kind: infer Kinds }
  ? K extends Kinds
    ? O
    : never
  : never;
