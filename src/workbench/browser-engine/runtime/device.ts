/** Where networks are to be computed, as the page asks for it; "auto": WebGPU where there is a graphics processor that is right and faster. */
export type AskedDevice = "auto" | "wasm" | "webgpu";

/** What the page has named this worker after. */
export const askedDevice: AskedDevice =
  globalThis.name === "webgpu" || globalThis.name === "wasm" ? globalThis.name : "auto";
