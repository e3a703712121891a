import type { Terminal } from "../src/cli/terminal.js";

/** A terminal that remembers: for tests that run commands in process. */
export function captureTerminal(options: { errorIsTty?: boolean; columns?: number } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const exits: number[] = [];
  const listeners = new Set<() => void>();
  let time = 0;
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    errorIsTty: options.errorIsTty ?? false,
    columns: options.columns ?? 80,
    now: () => time,
    onInterrupt(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exitNow: (code: number) => void exits.push(code),
  } satisfies Terminal;
  return {
    ...terminal,
    exits,
    outText: () => out.join(""),
    errText: () => err.join(""),
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    listenerCount: () => listeners.size,
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}
