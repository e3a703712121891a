import { ModelError } from "../../errors.js";
import { createEmbedder, type Embedder } from "../../infer/index.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import { createRandom, normaliseInPlace } from "../../volume/index.js";

/** How a graphics processor does with a network. */
export interface DeviceProbe {
  /** Why it cannot be used: none is there, or its answers are wrong. */
  readonly fault?: string;
  /** It is a program on the processor; undefined where that cannot be told. */
  readonly isSoftware?: boolean | undefined;
  /** It takes less time than the processor. */
  readonly isFaster?: boolean;
}

/** Slower for one box than any graphics processor: not worth more boxes. */
const SLOW_MILLISECONDS = 1000;
/** What the network is given at a time when it works. */
const BOXES = 16;

/**
 * Has a model of cosnet computed by WebGPU, compares the answer with the processor's, and measures both.
 * @param options `isTimed: false` asks only whether the answer is right.
 */
export async function probeDevice(
  runtime: OnnxRuntime,
  model: Uint8Array,
  { isTimed = true }: { readonly isTimed?: boolean } = {},
): Promise<DeviceProbe> {
  try {
    await using embedder = await createEmbedder(runtime, model, { device: "webgpu" });
    if (!isTimed) {
      await embedder.embed(particlesInNoise(1, embedder.description.edge));
      return {};
    }
    await using onCpu = await createEmbedder(runtime, model);
    return { isFaster: await isFaster(embedder, onCpu) };
  } catch (cause) {
    if (cause instanceof ModelError) return { fault: faultOf(cause.reason) };
    throw cause;
  }
}

/** Sessions compare what they answer first with the processor's. */
async function isFaster(embedder: Embedder, onCpu: Embedder): Promise<boolean> {
  const { edge } = embedder.description;
  const box = particlesInNoise(1, edge);
  await embedder.embed(box);
  if ((await milliseconds(embedder, box)) > SLOW_MILLISECONDS) return false;
  const boxes = particlesInNoise(BOXES, edge);
  await embedder.embed(boxes);
  await onCpu.embed(boxes);
  return (await milliseconds(embedder, boxes)) < (await milliseconds(onCpu, boxes));
}

async function milliseconds(embedder: Embedder, volumes: Float32Array): Promise<number> {
  const start = performance.now();
  await embedder.embed(volumes);
  return performance.now() - start;
}

/** Three blobs in noise of their own strength in each box `[count, edge, edge, edge]`, of zero mean and unit variance. */
function particlesInNoise(count: number, edge: number): Float32Array {
  const random = createRandom("device probe");
  const voxels = edge ** 3;
  const volumes = new Float32Array(count * voxels);
  for (let start = 0; start < volumes.length; start += voxels) {
    const centres = Array.from({ length: 3 }, () => [0, 0, 0].map(() => edge * (0.5 + 0.12 * random.normal())));
    const box = volumes.subarray(start, start + voxels);
    for (let i = 0; i < voxels; i++) {
      const at = [Math.floor(i / edge ** 2), Math.floor(i / edge) % edge, i % edge];
      const squares = centres.map((centre) => at.reduce((sum, x, axis) => sum + (x - (centre[axis] ?? 0)) ** 2, 0));
      box[i] = squares.reduce((sum, square) => sum + Math.exp(-square / 18), 0) + random.normal();
    }
    normaliseInPlace(box);
  }
  return volumes;
}

/** ONNX Runtime's own words name its source files. */
function faultOf(reason: string): string {
  return reason.includes("Failed to get a WebGPU adapter")
    ? "no graphics processor with a driver was found"
    : reason.replace(/\s+/g, " ").trim();
}
