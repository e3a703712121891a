/** More than these gain little in WebAssembly, and each takes memory of its own. */
const MOST_THREADS = 8;

/** Threads that ONNX Runtime may use: more than one only where the page is isolated from others, so that memory can be shared. */
export function mostThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(MOST_THREADS, navigator.hardwareConcurrency);
}
