import { bytesOf, type Local, local, type Statement, unsigned, type ValueType } from "./instructions.js";

/** A function without a result, exported by its name. */
export interface KernelFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  /** Besides the parameters, in order of their declaration. */
  readonly locals: readonly ValueType[];
  readonly body: readonly Statement[];
}

type Locals<Types extends readonly ValueType[]> = { readonly [K in keyof Types]: Local<Types[K]> };
/** Declares a local variable and gives it. */
export type Declare = <T extends ValueType>(type: T) => Local<T>;

const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** A function whose `body` is written with its parameters and the locals that it declares. */
export function func<const Types extends readonly ValueType[]>(
  name: string,
  parameters: Types,
  body: (parameters: Locals<Types>, declare: Declare) => readonly Statement[],
): KernelFunction {
  const locals: ValueType[] = [];
  const declare: Declare = (type) => local.get(type, parameters.length + locals.push(type) - 1);
  // `map` forgets that it keeps a tuple's length.
  const given = parameters.map((type, index) => local.get(type, index)) as unknown as Locals<Types>;
  return { name, parameters, body: body(given, declare), locals };
}

/**
 * Binds functions to a memory, once to each; their module is compiled when this is first done.
 * `K` is their interface by name: addresses, lengths and numbers in, nothing out.
 */
export function kernelOf<K>(functions: readonly KernelFunction[]): (memory: WebAssembly.Memory) => K {
  let module: WebAssembly.Module | undefined;
  const bound = new WeakMap<WebAssembly.Memory, K>();
  return (memory) => {
    module ??= new WebAssembly.Module(assemble(functions));
    // The exports are the functions that the module defines.
    const kernel = bound.get(memory) ?? (new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as K);
    bound.set(memory, kernel);
    return kernel;
  };
}

/** The module of these functions over an imported memory `env.memory`. */
function assemble(functions: readonly KernelFunction[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, item: (given: KernelFunction, index: number) => readonly number[]) => [
    id,
    ...sized(vector(functions.map(item))),
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, ({ parameters }) => [0x60, ...vector(parameters.map((type) => [TYPE_CODES[type]])), 0]),
    ...[2, ...sized(vector([[...text("env"), ...text("memory"), 2, 0, 0]]))],
    ...section(3, (_, index) => [index]),
    ...section(7, ({ name }, index) => [...text(name), 0, index]),
    ...section(10, ({ locals, body }) => sized([...vector(runs(locals)), ...bytesOf(body), 0x0b])),
  ]);
}

/** Locals of one type in a row are declared together. */
function runs(locals: readonly ValueType[]): number[][] {
  const starts = locals.flatMap((type, index) => (type === locals[index - 1] ? [] : [index]));
  return starts.map((start, run) => [
    ...unsigned((starts[run + 1] ?? locals.length) - start),
    TYPE_CODES[locals[start]],
  ]);
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(name: string): number[] {
  return sized([...new TextEncoder().encode(name)]);
}
