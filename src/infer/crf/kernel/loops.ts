import { block, br, br_if, type Code, i32, type Local, local, loop, type Statement } from "../../../wasm/index.js";

/** Moves a place on by so many bytes. */
export const forward = (place: Local<"i32">, bytes: number | Code<"i32">): Statement =>
  local.set(place, i32.add(place, typeof bytes === "number" ? i32.const(bytes) : bytes));

/** do { body } while (place < end) */
export const until = (place: Local<"i32">, end: Local<"i32">, body: readonly Statement[]): Statement =>
  loop(...body, br_if(0, i32.lt_u(place, end)));

/** while (place < end) { body } */
export const whileBelow = (place: Local<"i32">, end: Local<"i32">, body: readonly Statement[]): Statement =>
  block(loop(br_if(1, i32.ge_u(place, end)), ...body, br(0)));
