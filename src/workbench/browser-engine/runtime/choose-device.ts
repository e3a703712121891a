/** Where this page computes networks: by WebGPU where its models are tried first and found right, else by WebAssembly. */
import { isCosnetError } from "../../../errors.js";
import { type DeviceProbe, nodeRuntime, probeThisMachine } from "../../../files/model/index.js";
import { createNetworkDetector } from "../../../infer/index.js";
import type { Device } from "../../../runtime/index.js";
import type { AskedDevice } from "./device.js";

export interface ChosenDevice {
  readonly device: Device;
  /** Why it is not WebGPU where that might be expected: a few words. */
  readonly reason?: string | undefined;
  /** Why not, for a person who has asked for it or whose graphics processor is wrong: a sentence. */
  readonly warning?: string | undefined;
}

/** What is known of a graphics processor before anything is computed on it. */
export interface GraphicsProcessor {
  /** It is a program on the processor. */
  readonly isSoftware: boolean;
}

/**
 * @param find undefined where the browser has no graphics processor for pages.
 * @param tryModels whether it computes the models as the processor does.
 */
export async function chooseDevice(
  asked: AskedDevice,
  find: () => Promise<GraphicsProcessor | undefined>,
  tryModels: () => Promise<DeviceProbe>,
): Promise<ChosenDevice> {
  if (asked === "wasm") return { device: "cpu" };
  const isAsked = asked === "webgpu";
  const without = (reason: string, isFault: boolean): ChosenDevice => ({
    ...{ device: "cpu", reason: `not by WebGPU: ${reason}` },
    ...(isFault && { warning: `WebGPU cannot be used: ${reason}. Everything is computed by WebAssembly instead.` }),
  });
  const found = await find();
  if (!found) return without("this browser gives pages no graphics processor", isAsked);
  if (found.isSoftware && !isAsked) return without("the graphics processor is a program", false);
  const { fault, isFaster } = await tryModels();
  if (fault !== undefined) return without(fault, true);
  if (isFaster === false && !isAsked) return without("it is not faster here", false);
  return { device: "webgpu" };
}

/** The part of the web's `navigator.gpu` that is needed; some browsers have none. */
interface Gpu {
  requestAdapter(options: { readonly powerPreference: "high-performance" }): Promise<{
    readonly info?: { readonly isFallbackAdapter?: boolean; readonly architecture?: string };
  } | null>;
}

export async function findGraphicsProcessor(): Promise<GraphicsProcessor | undefined> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return undefined;
  const { isFallbackAdapter, architecture } = adapter.info ?? {};
  return { isSoftware: isFallbackAdapter === true || architecture === "swiftshader" };
}

/** Voxels along the edge of the detector's smallest tile. */
const SMALL_TILE = 16;

/**
 * Whether WebGPU computes both models as WebAssembly does, and, where that is asked, sooner. The classifier is not tried again when it
 * is loaded for a run.
 */
export async function tryModels(
  detectorModel: Uint8Array,
  { isTimed }: { readonly isTimed: boolean },
): Promise<DeviceProbe> {
  try {
    const probe = await probeThisMachine({ isTimed });
    if (probe.fault !== undefined) return probe;
    await using detector = await createNetworkDetector(nodeRuntime, detectorModel, { device: "webgpu" });
    const ramp = Float32Array.from({ length: SMALL_TILE ** 3 }, (_, i) => Math.sin(i * i));
    await detector.detect(ramp, [SMALL_TILE, SMALL_TILE, SMALL_TILE]); // compared with the processor's answer
    return probe;
  } catch (cause) {
    if (!isCosnetError(cause) || cause.tag !== "model") throw cause;
    return { fault: cause.reason };
  }
}
