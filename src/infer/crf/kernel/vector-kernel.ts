import {
  assemble,
  f32,
  forward,
  forwardBy,
  get,
  i32,
  integer,
  type KernelFunction,
  set,
  until,
  vector,
  whileBelow,
} from "./assembler.js";
import { differences, logRatio } from "./logistic-kernel.js";

/**
 * The inner loops, four to thirty-two floats at a time, as a WebAssembly module of some hundred bytes assembled here: JavaScript has no
 * vectors of its own, and every environment we run in has had WebAssembly's since 2021. Addresses and lengths are in bytes, rows are
 * whole vectors; `end` is where the first one ends.
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

export function createVectorKernel(memory: WebAssembly.Memory): VectorKernel {
  module ??= new WebAssembly.Module(
    assemble([sumRows, multiply, addProduct, expand, reduce, transpose, logRatio, differences]),
  );
  // The exports are the functions that the module defines.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as VectorKernel;
}

let module: WebAssembly.Module | undefined;

const { load, loadSplat, store } = vector;

const sumRows: KernelFunction = (() => {
  const [target, end, source, sourceBlock, steps, stepsEnd, row] = [0, 1, 2, 3, 4, 5, 6];
  const [step, first, weights, weightsEnd, at, weight, rowEnd, before] = [7, 8, 9, 10, 11, 12, 13, 14];
  const scale = 15;
  const sums = [16, 17, 18, 19, 20, 21, 22, 23];
  /** So many vectors of the target row. */
  const sum = (count: number) => [
    ...sums.slice(0, count).flatMap((sum) => [...vector.floats(0), ...set(sum)]),
    ...[...get(first), ...set(at), ...get(weights), ...set(weight)],
    ...until(weight, weightsEnd, [
      ...[...get(weight), ...loadSplat, ...set(scale)],
      ...sums
        .slice(0, count)
        .flatMap((sum, i) => [
          ...[...get(sum), ...get(at), ...load(16 * i), ...get(scale), ...vector.times, ...vector.add, ...set(sum)],
        ]),
      ...forwardBy(at, row),
      ...forward(weight, 4),
    ]),
    ...sums.slice(0, count).flatMap((sum, i) => [...get(target), ...get(sum), ...store(16 * i)]),
    ...[...forward(first, 16 * count), ...forward(target, 16 * count)],
  ];
  const integerAt = (offset: number) => [0x28, 2, offset];
  return {
    name: "sumRows",
    parameters: 7,
    integers: 8,
    vectors: 9,
    body: until(target, end, [
      ...[...get(steps), ...set(step)],
      ...until(step, stepsEnd, [
        ...[...get(step), ...integerAt(0), ...get(source), ...i32.add, ...set(first)],
        ...[...get(step), ...integerAt(4), ...set(weights), ...get(step), ...integerAt(8), ...set(weightsEnd)],
        ...[...get(target), ...get(row), ...i32.add, ...set(rowEnd)],
        ...[8, 4, 3, 2, 1].flatMap((count) => [
          ...[...get(rowEnd), ...integer(16 * (count - 1)), ...i32.subtract, ...set(before)],
          ...whileBelow(target, before, sum(count)),
        ]),
        ...forward(step, 12),
      ]),
      ...forwardBy(source, sourceBlock),
    ]),
  };
})();

const multiply: KernelFunction = (() => {
  const [target, end, one, other] = [0, 1, 2, 3];
  return {
    name: "multiply",
    parameters: 4,
    body: until(target, end, [
      ...[...get(target), ...get(one), ...load(), ...get(other), ...load(), ...vector.times, ...store()],
      ...[...forward(one, 16), ...forward(other, 16), ...forward(target, 16)],
    ]),
  };
})();

const addProduct: KernelFunction = (() => {
  const [target, end, one, other] = [0, 1, 2, 3];
  return {
    name: "addProduct",
    parameters: 4,
    body: until(target, end, [
      ...[...get(target), ...get(target), ...load()],
      ...[...get(one), ...load(), ...get(other), ...load(), ...vector.times, ...vector.add, ...store()],
      ...[...forward(one, 16), ...forward(other, 16), ...forward(target, 16)],
    ]),
  };
})();

/** Where the row of the table is that the node at address `nodes` names. */
const tableRow = (nodes: number, table: number, row: number) => [
  ...[...get(nodes), ...i32.load16, ...get(row), ...i32.times, ...get(table), ...i32.add],
];

const expand: KernelFunction = (() => {
  const [products, end, one, other, nodes, table, row] = [0, 1, 2, 3, 4, 5, 6];
  const [factor, rowEnd] = [7, 8];
  const value = 9;
  return {
    name: "expand",
    parameters: 7,
    integers: 2,
    vectors: 1,
    body: until(products, end, [
      ...[...get(one), ...f32.load, ...get(other), ...f32.load, ...f32.times, ...vector.splat, ...set(value)],
      ...[...tableRow(nodes, table, row), ...set(factor), ...get(products), ...get(row), ...i32.add, ...set(rowEnd)],
      ...until(products, rowEnd, [
        ...[...get(products), ...get(factor), ...load(), ...get(value), ...vector.times, ...store()],
        ...[...forward(factor, 16), ...forward(products, 16)],
      ]),
      ...[...forward(one, 4), ...forward(other, 4), ...forward(nodes, 2)],
    ]),
  };
})();

const reduce: KernelFunction = (() => {
  const [target, end, other, products, nodes, table, row] = [0, 1, 2, 3, 4, 5, 6];
  const [factor, rowEnd] = [7, 8];
  const sum = 9;
  return {
    name: "reduce",
    parameters: 7,
    integers: 2,
    vectors: 1,
    body: until(target, end, [
      ...[...tableRow(nodes, table, row), ...set(factor), ...get(products), ...get(row), ...i32.add, ...set(rowEnd)],
      ...[...vector.floats(0), ...set(sum)],
      ...until(products, rowEnd, [
        ...[
          ...get(sum),
          ...get(products),
          ...load(),
          ...get(factor),
          ...load(),
          ...vector.times,
          ...vector.add,
          ...set(sum),
        ],
        ...[...forward(factor, 16), ...forward(products, 16)],
      ]),
      ...[...get(target), ...get(target), ...f32.load, ...get(other), ...f32.load],
      ...[...get(sum), ...vector.lane(0), ...get(sum), ...vector.lane(1), ...f32.add],
      ...[...get(sum), ...vector.lane(2), ...get(sum), ...vector.lane(3), ...f32.add, ...f32.add],
      ...[...f32.times, ...f32.add, ...f32.store],
      ...[...forward(target, 4), ...forward(other, 4), ...forward(nodes, 2)],
    ]),
  };
})();

const transpose: KernelFunction = (() => {
  const [source, end, sourceRow, target, targetRow] = [0, 1, 2, 3, 4];
  const at = 5;
  const rows = [6, 7, 8, 9];
  const pairs = [10, 11, 12, 13];
  const low = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
  const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  const shuffle = (one: number, other: number, lanes: readonly number[], shift: number) => [
    ...[...get(one), ...get(other), ...vector.shuffle(lanes.map((lane) => lane + shift))],
  ];
  return {
    name: "transpose",
    parameters: 5,
    integers: 1,
    vectors: 8,
    body: until(source, end, [
      ...[...get(source), ...set(at)],
      ...rows.flatMap((row) => [...get(at), ...load(), ...set(row), ...forwardBy(at, sourceRow)]),
      // [a0 b0 a1 b1], [c0 d0 c1 d1], [a2 b2 a3 b3], [c2 d2 c3 d3]
      ...pairs.flatMap((pair, i) => [
        ...shuffle(rows[2 * (i % 2)], rows[2 * (i % 2) + 1], low, 8 * Math.floor(i / 2)),
        ...set(pair),
      ]),
      ...[0, 1, 2, 3].flatMap((column) => [
        ...get(target),
        ...shuffle(pairs[column & 2], pairs[(column & 2) + 1], lowHalves, 8 * (column & 1)),
        ...store(),
        ...forwardBy(target, targetRow),
      ]),
      ...forward(source, 16),
    ]),
  };
})();
