export { type Array32, createSession, type OnnxRuntime, type Session, type SessionOptions } from "./session.js";
