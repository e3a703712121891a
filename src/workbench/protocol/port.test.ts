import { MessageChannel, type MessagePort } from "node:worker_threads";
import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import type { EngineEvent, WorkbenchEngine } from "./engine.js";
import { engineOverPort, type Port, servePort } from "./port.js";

const overNode = (port: MessagePort): Port => ({
  send: (message) => port.postMessage(message),
  receive: (take) => port.on("message", take),
});

test("calls, errors and events cross a port of Node", async () => {
  const { port1, port2 } = new MessageChannel();
  const engine = {
    sections: async ({ index }: { index: number }) => [{ width: 1, height: 1, values: new Float32Array([index]) }],
    measure: async () => {
      throw new ConfigError("there is no tomogram-1", { hint: "Open one." });
    },
  } as unknown as WorkbenchEngine;
  const emit = servePort(overNode(port1), engine);
  const client = engineOverPort(overNode(port2));
  const [section] = await client.sections({ tomogramId: "t", axis: "z", index: 7 });
  expect(section?.values).toEqual(new Float32Array([7]));
  await expect(client.measure("tomogram-1")).rejects.toThrow(ConfigError);
  const event = new Promise<EngineEvent>((resolve) => client.subscribe(resolve));
  emit({ type: "warning", text: "odd" });
  expect(await event).toEqual({ type: "warning", text: "odd" });
  port1.close();
});
