export { probeBlockedConvolution } from "./blocked-convolution.js";
export { readModelConstants, readModelMetadata } from "./model-metadata.js";
export {
  type Array32,
  createSession,
  type OnnxRuntime,
  type OnnxSession,
  type Session,
  type SessionOptions,
} from "./session.js";
