#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";

/** Ctrl-C, a request to end, and a terminal or connection that was closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

// A reader that closes early (cosnet info ... | head -1) is not an error; a full disk behind standard output is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  const reason = error.code === "ENOSPC" ? "the disk is full" : error.message;
  process.stderr.write(`cosnet: the result cannot be written to standard output: ${reason}\n`, () => process.exit(1));
});
process.stderr.on("error", () => process.exit(1)); // nobody can be told

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errorIsTty: process.stderr.isTTY === true,
  columns: process.stderr.columns ?? 80,
  now: () => performance.now(),
  onInterrupt(listener) {
    for (const signal of SIGNALS) process.on(signal, listener);
    return () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    };
  },
  exitNow: (code) => process.exit(code),
});
