/** What the networks are to be computed with, where the page chooses that itself: on a site without a server. */
import { signal } from "@preact/signals";

export const DEVICES = {
  auto: "WebGPU where it is faster",
  webgpu: "WebGPU",
  wasm: "WebAssembly",
} as const satisfies Readonly<Record<string, string>>;

export type Device = keyof typeof DEVICES;

/** Undefined where a server computes. */
export const askedDevice = signal<Device | undefined>(undefined);

/** As the address says it. */
export function deviceInAddress(): Device {
  const said = new URLSearchParams(location.search).get("device");
  return said === "wasm" || said === "webgpu" ? said : "auto";
}

/** What computes is chosen when the page is loaded: it is loaded again. */
export function computeWith(device: Device): void {
  const url = new URL(location.href);
  url.searchParams.set("device", device);
  location.assign(url);
}
