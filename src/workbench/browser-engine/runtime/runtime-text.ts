import { countText } from "../../../count-text.js";
import { device } from "./device.js";
import { mostThreads } from "./threads.js";

/** Where it computes, as a person reads it. */
export function runtimeText(): string {
  if (device === "webgpu") return "in this page, WebGPU";
  const threads = countText(mostThreads(), "thread");
  const reason = globalThis.crossOriginIsolated ? "" : " (the site does not isolate its pages, which more would need)";
  return `in this page, WebAssembly, ${threads}${reason}`;
}
