/**
 * Small WebAssembly modules for inner loops, assembled here: JavaScript has no vectors of its own, and every environment we
 * run in has had WebAssembly's since 2021. Instructions have the names of the core specification 2.0, and types.
 *
 *     const double = func("double", ["i32", "i32"], ([place, end]) => [
 *       until(place, end, [
 *         v128.store(place, f32x4.add(v128.load(place), v128.load(place))),
 *         forward(place, 16),
 *       ]),
 *     ]);
 *     const { double } = kernelOf<{ double(place: number, end: number): void }>([double])(memory);
 */
export {
  type Code,
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  type Local,
  local,
  type Statement,
  v128,
} from "./instructions.js";
export { forward, until, whileBelow } from "./loops.js";
export { borrowMemory } from "./memories.js";
export { type Declare, func, type KernelFunction, kernelOf } from "./module.js";
