/** Beginning and ending runs, and what they leave. */
import { signal } from "@preact/signals";
import type { ListedParticles, PickRequest, RunRequest } from "../../protocol/index.js";
import { download } from "../parts/download.js";
import { LOOK, setClickTarget } from "./click-target.js";
import { engine } from "./engine.js";
import { orSay, say } from "./messages.js";
import { afterSteps, examples, project, show } from "./project.js";
import { runId, tomogramId } from "./view.js";

/** What a person has chosen of searches. */
export const pickRequest = signal<PickRequest>({ kind: "pick" });
export const runIsStarting = signal(false);

/** Whether it has begun. */
export async function beginRun(request: RunRequest): Promise<boolean> {
  const isBegun = await starting(() => afterSteps(() => engine().startRun(request)));
  if (!isBegun || request.kind !== "pick") return isBegun;
  runId.value = undefined; // the newest is shown as soon as it is done
  setClickTarget(LOOK);
  return true;
}

/** Looks for particles, or says what those of a list are. */
export function beginPick(listed: ListedParticles | undefined): Promise<boolean> {
  const { detectionThreshold, ...chosen } = pickRequest.value;
  return beginRun(listed ? { ...chosen, listed } : { ...chosen, detectionThreshold });
}

/** Why a search cannot begin yet. */
export function whatIsMissing(): string | undefined {
  if (project.value.tomograms.length === 0) return "Open a tomogram first.";
  if (!examples.value.some(({ classId }) => classId !== null)) return "Click at least one particle first.";
  return undefined;
}

/** Goes on with a run that was stopped. */
export async function resumeRun(id: string): Promise<void> {
  await starting(() => engine().resumeRun(id));
}

async function starting(start: () => Promise<unknown>): Promise<boolean> {
  if (runIsStarting.value) return false;
  runIsStarting.value = true;
  const run = await orSay(start());
  const state = run === undefined ? undefined : await orSay(engine().state());
  runIsStarting.value = false;
  if (state) show(state);
  return run !== undefined;
}

export async function cancelRun(id: string): Promise<void> {
  await orSay(engine().cancelRun(id));
}

/** In a tab of its own; where that cannot be, saves it. */
export async function openReport(id: string): Promise<void> {
  const address = await orSay(engine().reportAddress(id, tomogramId.value));
  if (address !== undefined) return void window.open(address, "_blank", "noopener");
  const file = await orSay(engine().report(id, tomogramId.value));
  if (file) await download([file], "");
}

export async function copyCommand(command: string): Promise<void> {
  const isCopied = await orSay(navigator.clipboard.writeText(command).then(() => true));
  if (isCopied) say("done", "Copied the command line that does the same.");
}
