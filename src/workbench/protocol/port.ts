/** An engine behind a port of messages: the same on both sides of a worker thread of Node and of a worker in the page. */
import { ENGINE_METHODS, type EngineClient, type EngineEvent, type FileLike, type WorkbenchEngine } from "./engine.js";
import { errorOf, failureOf } from "./failure.js";
import type { WorkbenchFailure } from "./run.js";

/** One end of a pair of ports, whatever makes it. */
export interface Port {
  /** @param handedOver buffers that are the receiver's from then on, which saves copying them. */
  send(message: unknown, handedOver?: readonly ArrayBuffer[]): void;
  receive(take: (message: unknown) => void): void;
}

/** What can be asked through a port; files are handed over where the port can clone them. */
type PortMethod = keyof WorkbenchEngine | "addFile";

interface PortRequest {
  readonly id: number;
  readonly method: PortMethod;
  readonly parameters: readonly unknown[];
}

type PortReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: WorkbenchFailure }
  | { readonly event: EngineEvent };

/** The side of the engine. What this gives sends an event to the other side. */
export function servePort(
  port: Port,
  engine: WorkbenchEngine & { addFile?(file: FileLike): Promise<string> },
): (event: EngineEvent) => void {
  const methods = engine as unknown as Readonly<Record<PortMethod, (...parameters: unknown[]) => Promise<unknown>>>;
  const answer = async ({ id, method, parameters }: PortRequest): Promise<PortReply> => {
    try {
      return { id, result: await methods[method](...parameters) };
    } catch (error) {
      return { id, failure: failureOf(error) };
    }
  };
  port.receive(async (message) => {
    const request = message as PortRequest;
    const reply = await answer(request);
    port.send(reply, request.method === "sections" && "result" in reply ? buffersOf(reply.result) : []);
  });
  return (event) => port.send({ event } satisfies PortReply);
}

/** The engine makes the arrays of sections for each answer, as `WorkbenchEngine` says. */
function buffersOf(sections: unknown): ArrayBuffer[] {
  const buffers = (sections as Awaited<ReturnType<WorkbenchEngine["sections"]>>).map(({ values }) => values.buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}

/** The side of the page. */
export function engineOverPort(port: Port): EngineClient {
  const listeners = new Set<(event: EngineEvent) => void>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  port.receive((message) => {
    const reply = message as PortReply;
    if ("event" in reply) {
      for (const listener of listeners) listener(reply.event);
      return;
    }
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("failure" in reply) asked?.reject(errorOf(reply.failure));
    else asked?.resolve(reply.result);
  });
  const call = (method: PortMethod, parameters: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      port.send({ id, method, parameters } satisfies PortRequest);
    });
  return {
    ...engineOverCalls(call),
    subscribe(take) {
      listeners.add(take);
      return () => listeners.delete(take);
    },
    reportAddress: async () => undefined,
    addFile: (file) => call("addFile", [file]) as Promise<string>,
  };
}

/** An engine each of whose methods is one call by name. */
export function engineOverCalls(
  call: (method: keyof WorkbenchEngine, parameters: readonly unknown[]) => Promise<unknown>,
): WorkbenchEngine {
  const methods = ENGINE_METHODS.map((method) => [method, (...parameters: unknown[]) => call(method, parameters)]);
  return Object.fromEntries(methods) as unknown as WorkbenchEngine;
}
