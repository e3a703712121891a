/** Beginning and ending runs, and what they leave. */
import { signal } from "@preact/signals";
import type { RunOptions } from "../../protocol/index.js";
import { download } from "../parts/download.js";
import { LOOK, setClickTarget } from "./click-target.js";
import { engine } from "./engine.js";
import { orSay, say } from "./messages.js";
import { show } from "./project.js";
import { runId } from "./view.js";

export const runOptions = signal<RunOptions>({});
export const runIsStarting = signal(false);

export async function beginRun(): Promise<void> {
  if (runIsStarting.value) return;
  runIsStarting.value = true;
  const run = await orSay(engine().startRun(runOptions.value));
  const state = run && (await orSay(engine().state()));
  runIsStarting.value = false;
  if (state) show(state);
  if (!run) return;
  runId.value = undefined; // the newest is shown as soon as it is done
  setClickTarget(LOOK);
}

export async function cancelRun(id: string): Promise<void> {
  await orSay(engine().cancelRun(id));
}

export async function saveReport(id: string): Promise<void> {
  const file = await orSay(engine().report(id));
  if (file) download(file);
}

export async function copyCommand(command: string): Promise<void> {
  const isCopied = await orSay(navigator.clipboard.writeText(command).then(() => true));
  if (isCopied) say("done", "Copied the command line that does the same.");
}
