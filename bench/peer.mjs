/** The other side: PyTorch in a process of its own, on the same volumes. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A Python that has PyTorch, or undefined. `PYTHON` names one to try first. */
export async function findPeer() {
  for (const python of [process.env.PYTHON, "python3", "/usr/bin/python3"]) {
    if (!python) continue;
    try {
      const { stdout } = await run(python, ["-c", "import torch; print(torch.__version__)"]);
      return { python, version: stdout.trim() };
    } catch {
      // Not there, or without PyTorch: try the next.
    }
  }
  return undefined;
}

/** Runs bench/peer/measure.py and gives what it prints. @param {Record<string, string | number>} options */
export async function runPeer({ python }, options) {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout } = await run(python, [join(import.meta.dirname, "peer", "measure.py"), ...flags]);
  return JSON.parse(stdout);
}
