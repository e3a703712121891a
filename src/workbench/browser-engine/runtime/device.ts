export type Device = "wasm" | "webgpu";

/** What the page has named this worker after. */
export const device: Device = globalThis.name === "webgpu" ? "webgpu" : "wasm";
