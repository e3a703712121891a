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
