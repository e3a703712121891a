/** In place of `node:os`. */
import { mostThreads } from "../runtime/threads.js";

export function availableParallelism(): number {
  return mostThreads();
}

export function hostname(): string {
  return "browser";
}

export function tmpdir(): string {
  return "/tmp";
}

/** Nobody tells a page; it starts no other processes, which is what this is asked for. */
export function freemem(): number {
  return 0;
}
