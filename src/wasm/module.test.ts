import { expect, test } from "vitest";
import { f32, f32x4, f64, forward, func, i32, kernelOf, local, until, v128 } from "./index.js";

const memory = new WebAssembly.Memory({ initial: 1 });
const floats = new Float32Array(memory.buffer);

test("the header's example doubles a row of floats", () => {
  const double = func("double", ["i32", "i32"], ([place, end]) => [
    until(place, end, [v128.store(place, f32x4.add(v128.load(place), v128.load(place))), forward(place, 16)]),
  ]);
  floats.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const createKernel = kernelOf<{ double(place: number, end: number): void }>([double]);
  createKernel(memory).double(0, 32);
  expect([...floats.subarray(0, 9)]).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 9]);
  expect(createKernel(memory)).toBe(createKernel(memory));
});

test("locals of several types in any order, offsets and constants of several bytes", () => {
  const mixed = func("mixed", ["i32", "f64"], ([place, factor], declare) => {
    const [far, lanes, near] = [declare("f64"), declare("v128"), declare("f64")];
    return [
      local.set(lanes, f32x4.const(-1.5)),
      local.set(near, f64.add(factor, f64.const(0.25))),
      local.set(far, f64.sub(near, f64.const(1))),
      v128.store(i32.add(place, i32.const(-300)), lanes, { offset: 4 * 200 + 300 }),
      f32.store(place, f32.demote_f64(far), { offset: 4 * 100 }),
    ];
  });
  kernelOf<{ mixed(place: number, factor: number): void }>([mixed])(memory).mixed(400, 7);
  expect([...floats.subarray(300, 304), floats[200]]).toEqual([-1.5, -1.5, -1.5, -1.5, 6.25]);
});

test("operands of the wrong type do not compile", () => {
  // @ts-expect-error: a vector is no address
  v128.load(f32x4.const(1));
});
