/** What networks compute in. */
import { ModelError } from "../errors.js";
import type { Quantisation } from "../model/index.js";
import type { Device, OnnxRuntime } from "../runtime/index.js";

/** `float32`, as networks are trained; `int8`: two to three times as fast, with numbers rounded to 8 bits by ranges stored with the model. */
export type Precision = "float32" | "int8";

/**
 * What a network computes in.
 * @param asked what is asked for; undefined: 8 bits where the model has ranges, and the runtime, on the processor, is fast at them
 * @throws ModelError where 8 bits are asked for, and the model has no ranges or is to be computed elsewhere.
 */
export function precisionOf(
  runtime: OnnxRuntime,
  { quantisation }: { readonly quantisation?: Quantisation },
  { precision, device = "cpu" }: { readonly precision?: Precision | undefined; readonly device?: Device | undefined },
): Precision {
  if (precision === "int8" && !quantisation)
    throw new ModelError("this model cannot be computed in 8 bits: it holds no ranges", {
      hint: "Measure them with `cosnet train ranges`, or leave --precision out.",
    });
  if (precision === "int8" && device !== "cpu")
    throw new ModelError("graphics processors do not compute in 8 bits here", {
      hint: "Leave --precision or --device out.",
    });
  return precision ?? (quantisation && runtime.hasIntegerKernels && device === "cpu" ? "int8" : "float32");
}
