/** A memory of WebAssembly for a while; `using` it, or dispose of it. */
export interface BorrowedMemory extends Disposable {
  /** At least as large as was asked for; it holds what the last borrower left in it, and may grow. */
  readonly memory: WebAssembly.Memory;
}

const PAGE_BYTES = 2 ** 16;
/** Larger memories are not kept for the next. */
const LARGEST_KEPT_BYTES = 2 ** 28;
const spare: WebAssembly.Memory[] = [];

/**
 * A memory of this thread. They are used again, because an engine reserves gigabytes of addresses for each and gives them up late,
 * and particles come by the ten thousand.
 */
export function borrowMemory(bytes: number): BorrowedMemory {
  const memory = spare.pop() ?? new WebAssembly.Memory({ initial: 1 });
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  let isBorrowed = true;
  return {
    memory,
    [Symbol.dispose]() {
      if (isBorrowed && memory.buffer.byteLength <= LARGEST_KEPT_BYTES) spare.push(memory);
      isBorrowed = false;
    },
  };
}
