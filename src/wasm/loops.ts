import { block, br, br_if, type Code, i32, type Local, local, loop, type Statement } from "./instructions.js";

/** Moves an address on by this many bytes. */
export const forward = (address: Local<"i32">, bytes: number | Code<"i32">): Statement =>
  local.set(address, i32.add(address, typeof bytes === "number" ? i32.const(bytes) : bytes));

/** do { body } while (address < end) */
export const until = (address: Local<"i32">, end: Local<"i32">, body: readonly Statement[]): Statement =>
  loop(...body, br_if(0, i32.lt_u(address, end)));

/** while (address < end) { body } */
export const whileBelow = (address: Local<"i32">, end: Local<"i32">, body: readonly Statement[]): Statement =>
  block(loop(br_if(1, i32.ge_u(address, end)), ...body, br(0)));
