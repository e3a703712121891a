/** The engine that this page is connected to. */
import type { EngineClient } from "../../protocol/index.js";

let connected: EngineClient | undefined;

export function connectEngine(client: EngineClient): void {
  connected = client;
}

export function engine(): EngineClient {
  if (!connected) throw new Error("the page has no engine yet");
  return connected;
}
