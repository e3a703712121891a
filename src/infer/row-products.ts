/** Scalar products of one vector with many, eight of them side by side in WebAssembly. */
import { borrowMemory, f32x4, forward, func, kernelOf, local, until, v128 } from "../wasm/index.js";

/** Rows whose scalar products with vectors cost little; `using` it, or dispose of it. */
export interface RowProducts extends Disposable {
  /** Of the vector that begins at `from` of `vectors`, with the first `count` rows (default all). Good until the next call. */
  products(vectors: Float32Array, from: number, count?: number): Float32Array;
}

interface ProductKernel {
  /**
   * The products of a vector, from address `vector` to `vectorEnd`, with groups of rows, from `groups` to `groupsEnd`. Of each group,
   * eight rows have their first numbers side by side, then their second ones, and so on, an even number of them.
   */
  products(vector: number, vectorEnd: number, groups: number, groupsEnd: number, into: number): void;
}

/** Rows of a group. */
const TOGETHER = 8;
const FLOAT_BYTES = 4;
const { add, mul } = f32x4;

/** Numbers at even and at odd places have sums of their own, so that an addition need not wait for the one before. */
const products = func(
  "products",
  ["i32", "i32", "i32", "i32", "i32"],
  ([vector, vectorEnd, group, end, into], declare) => {
    const at = declare("i32");
    const [even, odd] = [declare("v128"), declare("v128")];
    const sums = [declare("v128"), declare("v128"), declare("v128"), declare("v128")] as const;
    const zero = f32x4.const(0);
    const addTo = (sum: (typeof sums)[number], value: typeof even, offset: number) =>
      local.set(sum, add(sum, mul(value, v128.load(group, { offset }))));
    return [
      until(group, end, [
        local.set(sums[0], zero),
        local.set(sums[1], zero),
        local.set(sums[2], zero),
        local.set(sums[3], zero),
        local.set(at, vector),
        until(at, vectorEnd, [
          local.set(even, v128.load32_splat(at)),
          local.set(odd, v128.load32_splat(at, { offset: FLOAT_BYTES })),
          addTo(sums[0], even, 0),
          addTo(sums[1], even, 16),
          addTo(sums[2], odd, 32),
          addTo(sums[3], odd, 48),
          forward(group, 2 * TOGETHER * FLOAT_BYTES),
          forward(at, 2 * FLOAT_BYTES),
        ]),
        v128.store(into, add(sums[0], sums[2])),
        v128.store(into, add(sums[1], sums[3]), { offset: 16 }),
        forward(into, TOGETHER * FLOAT_BYTES),
      ]),
    ];
  },
);
const createKernel = kernelOf<ProductKernel>([products]);

/** Copies rows of `size` numbers, `[rows, size]`, to where they are multiplied. */
export function createRowProducts(values: Float32Array, size: number): RowProducts {
  const rows = values.length / size;
  const groups = Math.ceil(rows / TOGETHER);
  const padded = 2 * Math.ceil(size / 2);
  const [groupsAt, intoAt] = [padded, padded + groups * TOGETHER * padded];
  const borrowed = borrowMemory(FLOAT_BYTES * (intoAt + groups * TOGETHER));
  const floats = new Float32Array(borrowed.memory.buffer);
  floats.fill(0, 0, intoAt);
  for (let row = 0; row < rows; row++) {
    const group = groupsAt + Math.floor(row / TOGETHER) * TOGETHER * padded + (row % TOGETHER);
    for (let j = 0; j < size; j++) floats[group + j * TOGETHER] = values[row * size + j];
  }
  const kernel = createKernel(borrowed.memory);
  return {
    products(vectors, from, count = rows) {
      for (let j = 0; j < size; j++) floats[j] = vectors[from + j];
      const end = groupsAt + Math.ceil(count / TOGETHER) * TOGETHER * padded;
      if (count > 0)
        kernel.products(0, FLOAT_BYTES * padded, FLOAT_BYTES * groupsAt, FLOAT_BYTES * end, FLOAT_BYTES * intoAt);
      return floats.subarray(intoAt, intoAt + count);
    },
    [Symbol.dispose]: () => borrowed[Symbol.dispose](),
  };
}
