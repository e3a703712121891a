import {
  type Code,
  f32,
  f32x4,
  forward,
  func,
  i8x16,
  i32,
  kernelOf,
  type Local,
  local,
  until,
  v128,
  whileBelow,
} from "../../../wasm/index.js";
import { differences, logRatio } from "./logistic-kernel.js";

/**
 * The inner loops, four to thirty-two floats at a time, in WebAssembly. Addresses and lengths are in bytes, rows are whole vectors; `end` is where the first one ends.
 */
export interface VectorKernel {
  /**
   * Blocks of rows that are weighted sums of the rows of a block of `source`. A step is three integers for each target row: the first
   * source row's offset in its block, where its weights begin, and where they end.
   */
  sumRows(
    target: number,
    end: number,
    source: number,
    sourceBlock: number,
    steps: number,
    stepsEnd: number,
    row: number,
  ): void;
  /** `target[x] = one[x] other[x]` */
  multiply(target: number, end: number, one: number, other: number): void;
  /** `target[x] += one[x] other[x]` */
  addProduct(target: number, end: number, one: number, other: number): void;
  /** `products[x][r] = one[x] other[x] table[nodes[x]][r]`, the nodes as 16-bit integers. */
  expand(products: number, end: number, one: number, other: number, nodes: number, table: number, row: number): void;
  /** `target[x] += other[x] sum_r products[x][r] table[nodes[x]][r]` */
  reduce(target: number, end: number, other: number, products: number, nodes: number, table: number, row: number): void;
  /** Four rows of `source`, `sourceRow` apart and up to `end` long, become four columns of `target`. */
  transpose(source: number, end: number, sourceRow: number, target: number, targetRow: number): void;
  /** `target = ln(one / other)`, both taken as at least 1e-6. */
  logRatio(target: number, end: number, one: number, other: number): void;
  /**
   * `now = tanh(odds / 2)`, `odds = unary - own now`, `difference = now`; four floats at `change` become the largest change of a
   * difference and what was there. Odds count as at most 16.
   */
  differences(odds: number, end: number, unary: number, own: number, difference: number, change: number): void;
}

/** Bytes of a vector, and of a float. */
const [VECTOR, FLOAT] = [16, 4];
const { add, mul } = f32x4;

const sumRows = func(
  "sumRows",
  ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  ([target, end, source, sourceBlock, steps, stepsEnd, row], declare) => {
    const [step, first, weights, weightsEnd] = [declare("i32"), declare("i32"), declare("i32"), declare("i32")];
    const [at, weight, rowEnd, before] = [declare("i32"), declare("i32"), declare("i32"), declare("i32")];
    const scale = declare("v128");
    const registers = Array.from({ length: 8 }, () => declare("v128"));
    /** This many vectors of the target row. */
    const sum = (count: number) => {
      const sums = registers.slice(0, count);
      return [
        ...sums.map((sum) => local.set(sum, f32x4.const(0))),
        local.set(at, first),
        local.set(weight, weights),
        until(weight, weightsEnd, [
          local.set(scale, v128.load32_splat(weight)),
          ...sums.map((sum, i) => local.set(sum, add(sum, mul(v128.load(at, { offset: VECTOR * i }), scale)))),
          forward(at, row),
          forward(weight, FLOAT),
        ]),
        ...sums.map((sum, i) => v128.store(target, sum, { offset: VECTOR * i })),
        forward(first, VECTOR * count),
        forward(target, VECTOR * count),
      ];
    };
    return [
      until(target, end, [
        local.set(step, steps),
        until(step, stepsEnd, [
          local.set(first, i32.add(i32.load(step), source)),
          local.set(weights, i32.load(step, { offset: 4 })),
          local.set(weightsEnd, i32.load(step, { offset: 8 })),
          local.set(rowEnd, i32.add(target, row)),
          ...[8, 4, 3, 2, 1].flatMap((count) => [
            local.set(before, i32.sub(rowEnd, i32.const(VECTOR * (count - 1)))),
            whileBelow(target, before, sum(count)),
          ]),
          forward(step, 12),
        ]),
        forward(source, sourceBlock),
      ]),
    ];
  },
);

const multiply = func("multiply", ["i32", "i32", "i32", "i32"], ([target, end, one, other]) => [
  until(target, end, [
    v128.store(target, mul(v128.load(one), v128.load(other))),
    ...[one, other, target].map((address) => forward(address, VECTOR)),
  ]),
]);

const addProduct = func("addProduct", ["i32", "i32", "i32", "i32"], ([target, end, one, other]) => [
  until(target, end, [
    v128.store(target, add(v128.load(target), mul(v128.load(one), v128.load(other)))),
    ...[one, other, target].map((address) => forward(address, VECTOR)),
  ]),
]);

/** Where the row of the table is that the node at address `nodes` names. */
const tableRow = (nodes: Local<"i32">, table: Local<"i32">, row: Local<"i32">) =>
  i32.add(i32.mul(i32.load16_u(nodes, { align: 2 }), row), table);

const expand = func(
  "expand",
  ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  ([products, end, one, other, nodes, table, row], declare) => {
    const [factor, rowEnd, value] = [declare("i32"), declare("i32"), declare("v128")];
    return [
      until(products, end, [
        local.set(value, f32x4.splat(f32.mul(f32.load(one), f32.load(other)))),
        local.set(factor, tableRow(nodes, table, row)),
        local.set(rowEnd, i32.add(products, row)),
        until(products, rowEnd, [
          v128.store(products, mul(v128.load(factor), value)),
          forward(factor, VECTOR),
          forward(products, VECTOR),
        ]),
        forward(one, FLOAT),
        forward(other, FLOAT),
        forward(nodes, 2),
      ]),
    ];
  },
);

const reduce = func(
  "reduce",
  ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  ([target, end, other, products, nodes, table, row], declare) => {
    const [factor, rowEnd, sum] = [declare("i32"), declare("i32"), declare("v128")];
    const lanes = (one: number, other: number) => f32.add(f32x4.extract_lane(sum, one), f32x4.extract_lane(sum, other));
    return [
      until(target, end, [
        local.set(factor, tableRow(nodes, table, row)),
        local.set(rowEnd, i32.add(products, row)),
        local.set(sum, f32x4.const(0)),
        until(products, rowEnd, [
          local.set(sum, add(sum, mul(v128.load(products), v128.load(factor)))),
          forward(factor, VECTOR),
          forward(products, VECTOR),
        ]),
        f32.store(target, f32.add(f32.load(target), f32.mul(f32.load(other), f32.add(lanes(0, 1), lanes(2, 3))))),
        forward(target, FLOAT),
        forward(other, FLOAT),
        forward(nodes, 2),
      ]),
    ];
  },
);

const transpose = func(
  "transpose",
  ["i32", "i32", "i32", "i32", "i32"],
  ([source, end, sourceRow, target, targetRow], declare) => {
    const at = declare("i32");
    const rows = [declare("v128"), declare("v128"), declare("v128"), declare("v128")];
    const pairs = [declare("v128"), declare("v128"), declare("v128"), declare("v128")];
    const low = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
    const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
    const shuffle = (one: Code<"v128">, other: Code<"v128">, lanes: readonly number[], shift: number) =>
      i8x16.shuffle(
        one,
        other,
        lanes.map((lane) => lane + shift),
      );
    return [
      until(source, end, [
        local.set(at, source),
        ...rows.flatMap((row) => [local.set(row, v128.load(at)), forward(at, sourceRow)]),
        // [a0 b0 a1 b1], [c0 d0 c1 d1], [a2 b2 a3 b3], [c2 d2 c3 d3]
        ...pairs.map((pair, i) =>
          local.set(pair, shuffle(rows[2 * (i % 2)], rows[2 * (i % 2) + 1], low, 8 * Math.floor(i / 2))),
        ),
        ...[0, 1, 2, 3].flatMap((column) => [
          v128.store(target, shuffle(pairs[column & 2], pairs[(column & 2) + 1], lowHalves, 8 * (column & 1))),
          forward(target, targetRow),
        ]),
        forward(source, VECTOR),
      ]),
    ];
  },
);

export const createVectorKernel = kernelOf<VectorKernel>([
  sumRows,
  multiply,
  addProduct,
  expand,
  reduce,
  transpose,
  logRatio,
  differences,
]);
