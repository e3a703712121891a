/** What Node's programs find without importing it. Imported before anything else. */

/** Turns of the event loop without the 4 ms that browsers put between nested timers. */
const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

function setImmediate(callback: () => void): void {
  waiting.push(callback);
  port2.postMessage(undefined);
}

/** Another with each visit, so that what an earlier one has locked counts as left by a dead process. */
const pid = 1 + Math.floor(Math.random() * 2 ** 31);

const process = {
  pid,
  platform: "browser",
  arch: "wasm32",
  env: {} as Record<string, string | undefined>,
  /** Without "node", by which libraries would take this for Node. */
  versions: { v8: "0" },
  cwd: () => "/",
  on() {},
  /** There is no process but this one. */
  kill(asked: number): true {
    if (asked === pid) return true;
    throw Object.assign(new Error("kill ESRCH"), { code: "ESRCH" });
  },
  memoryUsage: () => ({ rss: 0 }),
};

Object.assign(globalThis, { setImmediate, process });
