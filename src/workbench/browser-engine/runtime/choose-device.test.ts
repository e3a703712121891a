import { expect, test } from "vitest";
import type { DeviceProbe } from "../../../files/model/index.js";
import { chooseDevice, type GraphicsProcessor } from "./choose-device.js";
import type { AskedDevice } from "./device.js";

/** What a page chooses where it finds this graphics processor, and trying the models on it gives this. */
function choosing(asked: AskedDevice, found: GraphicsProcessor | undefined, probe?: DeviceProbe) {
  return chooseDevice(
    asked,
    async () => found,
    async () => {
      if (!probe) throw new Error("the models must not be tried");
      return probe;
    },
  );
}

const CARD = { isSoftware: false } as const;
const PROGRAM = { isSoftware: true } as const;

test("WebGPU is taken where it is right and faster, and where it is asked for and right", async () => {
  expect(await choosing("auto", CARD, { isFaster: true })).toEqual({ device: "webgpu" });
  expect(await choosing("webgpu", CARD, {})).toEqual({ device: "webgpu" });
  expect(await choosing("webgpu", PROGRAM, {})).toEqual({ device: "webgpu" });
});

test.each<[string, GraphicsProcessor | undefined, DeviceProbe | undefined, string]>([
  ["none", undefined, undefined, "this browser gives pages no graphics processor"],
  ["a program", PROGRAM, undefined, "the graphics processor is a program"],
  ["a slow one", CARD, { isFaster: false }, "it is not faster here"],
])("without being asked, %s is passed over in silence, and the reason is kept", async (_, found, probe, reason) => {
  expect(await choosing("auto", found, probe)).toEqual({ device: "cpu", reason: `not by WebGPU: ${reason}` });
});

test.each<[AskedDevice, GraphicsProcessor | undefined, DeviceProbe | undefined, string]>([
  ["webgpu", undefined, undefined, "this browser gives pages no graphics processor"],
  ["webgpu", CARD, { fault: "mask is off" }, "mask is off"],
  ["auto", CARD, { fault: "mask is off" }, "mask is off"],
])("asked for %s, a person is told why WebAssembly computes all the same", async (asked, found, probe, fault) => {
  const { device, warning } = await choosing(asked, found, probe);
  expect(device).toBe("cpu");
  expect(warning).toBe(`WebGPU cannot be used: ${fault}. Everything is computed by WebAssembly instead.`);
});

test("asked for WebAssembly, nothing is tried", async () => {
  expect(await choosing("wasm", CARD)).toEqual({ device: "cpu" });
});
