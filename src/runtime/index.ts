export type { Array8, Array32, SessionInputs } from "./array.js";
export { probeBlockedConvolution } from "./blocked-convolution.js";
export type { Device } from "./device.js";
export { readModelConstants, readModelMetadata } from "./model-metadata.js";
export {
  createSession,
  type OnnxRuntime,
  type OnnxSession,
  type Session,
  type SessionFactory,
  type SessionOptions,
} from "./session.js";
export { createSharedSession, MOST_THREADS } from "./shared-session.js";
export { createStateSession } from "./state-session.js";
