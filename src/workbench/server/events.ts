/** What happens in the engine, told to every page as server-sent events. */
import type { ServerResponse } from "node:http";
import { type EngineClient, type EngineEvent, HEARTBEAT_MILLISECONDS } from "../protocol/index.js";

export interface EventStreams extends Disposable {
  /** From now on the answer gets every event, after the project as it is now. */
  add(response: ServerResponse): Promise<void>;
}

/** A page that has not taken this much is let go; it comes again and gets the project anew. */
const MOST_WAITING_BYTES = 8 * 2 ** 20;

export function createEventStreams(engine: Pick<EngineClient, "state" | "subscribe">): EventStreams {
  const streams = new Set<ServerResponse>();
  const send = (response: ServerResponse, text: string) => {
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
    else response.write(text);
  };
  const toAll = (text: string) => {
    for (const response of streams) send(response, text);
  };
  const unsubscribe = engine.subscribe((event) => toAll(eventText(event)));
  const heartbeat = setInterval(toAll, HEARTBEAT_MILLISECONDS, ":\n\n");
  return {
    async add(response) {
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      response.flushHeaders();
      streams.add(response);
      response.once("close", () => streams.delete(response));
      send(response, eventText({ type: "project", state: await engine.state() }));
    },
    [Symbol.dispose]() {
      unsubscribe();
      clearInterval(heartbeat);
      for (const response of streams) response.end();
    },
  };
}

function eventText(event: EngineEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
