/**
 * In place of `node:worker_threads`, `node:child_process` and `node:events`. Jobs start threads and processes only where they find
 * their compiled files, so never in the page: they do their work in the thread that they run in.
 */
export class Worker {
  constructor() {
    throw new Error("there are no worker threads in the page");
  }
}

export function fork(): never {
  throw new Error("there are no processes in the page");
}

export const parentPort = null;
export const workerData = undefined;

export async function once(): Promise<never> {
  throw new Error("there are no worker threads in the page");
}
