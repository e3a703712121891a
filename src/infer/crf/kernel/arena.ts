import { createVectorKernel, type VectorKernel } from "./vector-kernel.js";

/** Memory that WebAssembly and JavaScript both see, handed out in rows of floats and taken back all at once. */
export interface Arena {
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
/** A memory beyond this is not kept for the next problem. */
const KEPT_PAGES = 4096; // 256 MiB

/**
 * The one memory of this thread, emptied: what was allocated in it before must no longer be used. One for all, because an engine
 * reserves gigabytes of addresses for each WebAssembly memory, and particles come by the ten thousand.
 */
export function emptyArena(): Arena {
  if (kept === undefined || kept.memory.buffer.byteLength > KEPT_PAGES * PAGE_FLOATS * 4) {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
    kept = { memory, kernel: createVectorKernel(memory) };
  }
  const { memory, kernel } = kept;
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
    kernel,
    allocate,
    scratch(length) {
      if (length > scratchLength) {
        scratch = allocate(length); // who has the shorter one goes on using that
        scratchLength = length;
      }
      return scratch;
    },
    floats: () => view,
  };
}

let kept: { memory: WebAssembly.Memory; kernel: VectorKernel } | undefined;
