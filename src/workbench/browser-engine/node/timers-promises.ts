/** In place of `node:timers/promises`. */
async function delay<Value>(
  milliseconds: number,
  value: Value,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Value> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve(value);
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

export { delay as setTimeout };
