import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ModelError } from "../../errors.js";
import { chooseDevice, probeInProcess, probeThisMachine } from "./device.js";
import type { DeviceProbe } from "./device-probe.js";
import { hasDriverOpen, openFiles } from "./open-drivers.js";

const choosing = async (choice: "cpu" | "webgpu" | "auto", probe: DeviceProbe) => {
  const warnings: string[] = [];
  const device = await chooseDevice(
    choice,
    (warning) => warnings.push(warning),
    async () => probe,
  );
  return { device, warnings: warnings.join("\n") };
};

test("the processor is taken without a look at anything else", async () => {
  const probe = () => Promise.reject(new Error("not to be called"));
  expect(await chooseDevice("cpu", undefined, probe)).toBe("cpu");
  expect(await chooseDevice(undefined, undefined, probe)).toBe("cpu");
});

test.each<[string, DeviceProbe, "cpu" | "webgpu", string]>([
  ["one that is right and faster", { isSoftware: false, isFaster: true }, "webgpu", "computed by WebGPU"],
  ["one of which nothing else is known", { isFaster: true }, "webgpu", "computed by WebGPU"],
  ["one in software, however fast", { isSoftware: true, isFaster: true }, "cpu", "it is software"],
  ["a slow one", { isSoftware: false, isFaster: false }, "cpu", "it is not faster"],
  ["a wrong one", { fault: "mask is off" }, "cpu", "on the processor, not by WebGPU: mask is off"],
])("auto and %s", async (_, probe, device, text) => {
  const choice = await choosing("auto", probe);
  expect(choice.device).toBe(device);
  expect(choice.warnings).toContain(text);
});

test("webgpu is taken, or an error that says what to do", async () => {
  expect(await choosing("webgpu", { isSoftware: false })).toEqual({ device: "webgpu", warnings: "" });
  const software = await choosing("webgpu", { isSoftware: true });
  expect(software).toEqual({ device: "webgpu", warnings: expect.stringContaining("in software alone") });
  const none = choosing("webgpu", { fault: "no graphics processor with a driver was found" });
  await expect(none).rejects.toThrow(ModelError);
  await expect(none).rejects.toMatchObject({ hint: expect.stringMatching(/--device.*libvulkan1/) });
});

test("this machine's graphics processor is tried once, and its speed is asked for once", async () => {
  const [tried, again] = [probeThisMachine({ isTimed: false }), probeThisMachine({ isTimed: false })];
  expect(again).toBe(tried);
  const timed = probeThisMachine({ isTimed: true });
  for (const isTimed of [true, false]) expect(probeThisMachine({ isTimed })).toBe(timed);
  const [{ fault }, { fault: same, isFaster }] = await Promise.all([tried, timed]);
  expect(same).toBe(fault);
  expect(isFaster === undefined).toBe(fault !== undefined);
});

test("a driver that takes its process along, or never answers, is a fault", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cosnet-device-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const trial = async (script: string, longestMilliseconds = 60_000) => {
    const path = join(folder, "probe.mjs");
    await writeFile(path, script);
    return probeInProcess(pathToFileURL(path), longestMilliseconds);
  };
  expect(await trial("process.abort()")).toEqual({ fault: "the process that tried it ended by SIGABRT" });
  expect(await trial("process.exit(3)")).toEqual({ fault: "the process that tried it ended by code 3" });
  expect(await trial("setInterval(() => {}, 1000)", 300)).toEqual({ fault: "it did not answer within 0.3 s" });
  const answer = { isFaster: true, isSoftware: false };
  expect(await trial(`process.send(${JSON.stringify(answer)}, () => process.exit())`)).toEqual(answer);
});

test("a graphics processor is known by the files through which Linux gives it", async () => {
  expect(hasDriverOpen(["/dev/null", "socket:[1]", "/tmp/dev/dri/x", ""])).toBe(false);
  for (const path of ["/dev/dri/renderD128", "/dev/nvidia0", "/dev/dxg"]) expect(hasDriverOpen([path])).toBe(true);
  expect(await openFiles("/nowhere")).toBeUndefined();
});
