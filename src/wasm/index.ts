/**
 * Small WebAssembly modules for inner loops, assembled here: JavaScript has no vectors of its own, and every environment we
 * run in has had WebAssembly's since 2021. Instructions have the names of the core specification 2.0, and types.
 *
 *     const double = func("double", ["i32", "i32"], ([place, end]) => [
 *       loop(
 *         v128.store(place, f32x4.add(v128.load(place), v128.load(place))),
 *         local.set(place, i32.add(place, i32.const(16))),
 *         br_if(0, i32.lt_u(place, end)),
 *       ),
 *     ]);
 *     const { double } = kernelOf<{ double(place: number, end: number): void }>([double])(memory);
 */
export {
  block,
  br,
  br_if,
  type Code,
  f32,
  f32x4,
  f64,
  i8x16,
  i32,
  i32x4,
  i64,
  type Local,
  local,
  loop,
  type Statement,
  v128,
} from "./instructions.js";
export { borrowMemory } from "./memories.js";
export { type Declare, func, type KernelFunction, kernelOf } from "./module.js";
