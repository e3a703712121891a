/** A graphics processor in software, where continuous integration has one: SwiftShader, which comes with Debian's Chromium. */
import { existsSync } from "node:fs";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { encodeOnnx, op } from "../../src/graph/index.js";
import { createSession, type Session } from "../../src/runtime/index.js";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
// Vulkan's loader reads it with the first session by WebGPU, so that no other driver of this machine is tested by chance.
if (existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES = SWIFTSHADER;

/** Undefined where it cannot be used. What has been compiled for it ends with the last session: this one stays. */
export const softwareGpu: Session | undefined = existsSync(SWIFTSHADER)
  ? await tinySession().catch(() => undefined)
  : undefined;

/** For the names of tests: what they need, where it is not there. */
export const gpuText = softwareGpu ? "by WebGPU" : "by WebGPU (skipped: needs Debian's chromium and libvulkan1)";

function tinySession(): Promise<Session> {
  const model = encodeOnnx({ y: op.relu(op.input("x", [1])) }, { target: "portable" });
  return createSession(nodeRuntime, model, { device: "webgpu" });
}
