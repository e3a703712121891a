import { borrowMemory } from "../../../wasm/index.js";
import { createVectorKernel, type VectorKernel } from "./vector-kernel.js";

/** Memory that WebAssembly and JavaScript both see, handed out in rows of floats; `using` it, or dispose of it, gives all of it back. */
export interface Arena extends Disposable {
  readonly kernel: VectorKernel;
  /** Index into `floats()` of `length` floats of any value, at a multiple of sixteen: a cache line. */
  allocate(length: number): number;
  /** The same for rows that are needed for one call only: everyone gets the same ones. */
  scratch(length: number): number;
  /** All memory; to be asked for anew after each `allocate`, which may move it. */
  floats(): Float32Array;
}

const PAGE_FLOATS = 2 ** 14;
const LINE_FLOATS = 16;
export function createArena(): Arena {
  const borrowed = borrowMemory(4 * PAGE_FLOATS);
  const { memory } = borrowed;
  let used = LINE_FLOATS; // so that the kernel may subtract from an address
  let view = new Float32Array(memory.buffer);
  let [scratch, scratchLength] = [0, 0];
  const allocate = (length: number) => {
    const start = used;
    used += LINE_FLOATS * Math.ceil(length / LINE_FLOATS);
    if (used > view.length) {
      memory.grow(Math.ceil((used - view.length) / PAGE_FLOATS));
      view = new Float32Array(memory.buffer);
    }
    return start;
  };
  return {
    kernel: createVectorKernel(memory),
    allocate,
    scratch(length) {
      if (length > scratchLength) {
        scratch = allocate(length); // who has the shorter one goes on using that
        scratchLength = length;
      }
      return scratch;
    },
    floats: () => view,
    [Symbol.dispose]: () => borrowed[Symbol.dispose](),
  };
}
