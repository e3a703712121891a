/** The server's events. Read by `fetch` rather than by `EventSource`, which cannot send the token in a header. */
import { type EngineClient, type EngineEvent, EVENTS_PATH, HEARTBEAT_MILLISECONDS } from "../../protocol/index.js";

const RETRY_MILLISECONDS = 1000;
const LONGEST_SILENCE_MILLISECONDS = 2 * HEARTBEAT_MILLISECONDS;

/** One stream for all who listen, opened with the first of them and again whenever it breaks off. */
export function eventStream(headers: Readonly<Record<string, string>>): EngineClient["subscribe"] {
  const listeners = new Set<(event: EngineEvent) => void>();
  const tell = (event: EngineEvent) => {
    for (const listener of listeners) listener(event);
  };
  let isOpen = false;
  return (take) => {
    listeners.add(take);
    if (!isOpen) void keepListening(headers, tell);
    isOpen = true;
    return () => listeners.delete(take);
  };
}

async function keepListening(
  headers: Readonly<Record<string, string>>,
  tell: (event: EngineEvent) => void,
): Promise<never> {
  for (;;) {
    try {
      await listenOnce(headers, tell);
    } catch {
      // Whatever ended the stream, it is opened again.
    }
    tell({ type: "connection", isConnected: false });
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
  }
}

async function listenOnce(
  headers: Readonly<Record<string, string>>,
  tell: (event: EngineEvent) => void,
): Promise<void> {
  const silence = new AbortController();
  const { body, ok } = await fetch(EVENTS_PATH, { headers, signal: silence.signal });
  if (!ok || !body) return;
  tell({ type: "connection", isConnected: true });
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const timer = setTimeout(() => silence.abort(), LONGEST_SILENCE_MILLISECONDS);
    const { done, value } = await reader.read();
    clearTimeout(timer);
    if (done) return;
    const messages = (rest + value).split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const data = dataOf(message);
      if (data) tell(JSON.parse(data) as EngineEvent);
    }
  }
}

/** The data lines of a message; comments, which keep the stream alive, have none. */
function dataOf(message: string): string {
  return message
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
}
