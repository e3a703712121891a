import { countText } from "../../../count-text.js";
import type { ChosenDevice } from "./choose-device.js";
import { mostThreads } from "./threads.js";

/** Where it computes, as a person reads it. */
export function runtimeText({ device, reason }: ChosenDevice): string {
  if (device === "webgpu") return "in this page, WebGPU";
  const isolation = globalThis.crossOriginIsolated ? "" : "the site does not isolate its pages, which more would need";
  const because = [isolation, reason].filter(Boolean).join("; ");
  return `in this page, WebAssembly, ${countText(mostThreads(), "thread")}${because && ` (${because})`}`;
}
