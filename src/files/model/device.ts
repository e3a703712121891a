/** Where networks are computed, as a user asks for it. */
import { fork } from "node:child_process";
import { ModelError } from "../../errors.js";
import type { Device } from "../../runtime/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";
import { DEFAULT_MODEL_PATH } from "./default-model.js";
import { type DeviceProbe, probeDevice } from "./device-probe.js";
import { nodeRuntime } from "./onnx-runtime.js";

/** "auto": a graphics processor where there is one that gives what the processor gives, and sooner; else the processor. */
export type DeviceChoice = Device | "auto";

/** One that compiles the network and computes a box in software takes a minute. */
const LONGEST_PROBE_MILLISECONDS = 300_000;

/** What was found of this machine, by whether time was taken: it is looked for once. */
const found = new Map<boolean, Promise<DeviceProbe>>();

/**
 * The device to compute on. A graphics processor is tried first with the network that ships, in a process of its own: a driver that
 * fails may take its process along.
 * @param onWarning told what "auto" has chosen, and why, and where the graphics processor is a program.
 * @throws ModelError where a graphics processor is asked for and cannot be used.
 */
export async function chooseDevice(
  choice: DeviceChoice = "cpu",
  onWarning?: (warning: string) => void,
  probe: () => Promise<DeviceProbe> = () => probeThisMachine({ isTimed: choice === "auto" }),
): Promise<Device> {
  if (choice === "cpu") return "cpu";
  const { fault, isSoftware, isFaster } = await probe();
  if (choice === "webgpu") {
    if (fault !== undefined)
      throw new ModelError(`networks cannot be computed by WebGPU: ${fault}`, {
        hint: "Leave --device out to compute on the processor. WebGPU needs the graphics processor's driver: on Linux that of Vulkan and its loader (libvulkan1), which `vulkaninfo` lists.",
      });
    if (isSoftware) onWarning?.("WebGPU found a graphics processor in software alone: --device cpu is faster");
    return "webgpu";
  }
  const reason = fault ?? (isSoftware ? "it is software" : isFaster ? undefined : "it is not faster");
  onWarning?.(
    reason === undefined
      ? "--device auto: networks are computed by WebGPU: it gives what the processor gives, and sooner"
      : `--device auto: networks are computed on the processor, not by WebGPU: ${reason}`,
  );
  return reason === undefined ? "webgpu" : "cpu";
}

/**
 * How this machine's graphics processor does with the network that ships: it is tried once, or, where only `isTimed` asks for its speed,
 * twice.
 */
export function probeThisMachine({ isTimed }: { readonly isTimed: boolean }): Promise<DeviceProbe> {
  const known = found.get(true) ?? found.get(isTimed);
  if (known) return known;
  const probe = probeShippedModel(isTimed);
  found.set(isTimed, probe);
  return probe;
}

async function probeShippedModel(isTimed: boolean): Promise<DeviceProbe> {
  if (!(await fileExists(DEFAULT_MODEL_PATH))) return { fault: "the model to try it with is not installed" };
  // Sources run uncompiled in tests and in a page alone.
  if (import.meta.url.endsWith(".ts"))
    return probeDevice(nodeRuntime, await readFileBytes(DEFAULT_MODEL_PATH), { isTimed });
  const script = new URL("./device-probe-process.js", import.meta.url);
  return probeInProcess(script, LONGEST_PROBE_MILLISECONDS, isTimed ? ["timed"] : []);
}

/** What the process at `script` sends, or how it ended without. */
export function probeInProcess(
  script: URL,
  longestMilliseconds: number,
  args: readonly string[] = [],
): Promise<DeviceProbe> {
  return new Promise((resolve) => {
    const child = fork(script, args, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const timer = setTimeout(() => {
      resolve({ fault: `it did not answer within ${longestMilliseconds / 1000} s` });
      child.kill("SIGKILL");
    }, longestMilliseconds);
    child.once("message", (probe) => resolve(probe as DeviceProbe)); // the only one it sends
    child.once("error", ({ message }) => resolve({ fault: `it could not be tried: ${message}` }));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      resolve({ fault: `the process that tried it ended by ${signal ?? `code ${code}`}` }); // unless it has answered
    });
  });
}
