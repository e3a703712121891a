/**
 * Networks on the processor and by WebGPU: `npm run bench:device -- [--repeats 10] [--boxes 16] [--tile 96,208,208] [--classes 24]`.
 *
 * Seconds and volumes a second of embedding boxes with their masks, a tile of the detector, and a training step of two views of
 * each class. On the processor the networks that ship compute in 8 bits, as they do for a user; training, and WebGPU, in float32.
 * The two take turns; each is warmed up, and WebGPU's first answers are compared with the processor's.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nodeRuntime } from "../dist/files/model/onnx-runtime.js";
import { createNetworkDetector } from "../dist/infer/index.js";
import { createRandom } from "../dist/volume/index.js";
import { median, sample, table } from "./measure.mjs";
import { renderBatch, SEED, sampleEmbedding, sampleTraining } from "./ours.mjs";

const { values: flags } = parseArgs({
  options: {
    repeats: { type: "string", default: "10" },
    boxes: { type: "string", default: "16" },
    tile: { type: "string", default: "96,208,208" },
    classes: { type: "string", default: "24" },
  },
});
const tile = flags.tile.split(",").map(Number);
const [count, classes] = [Number(flags.boxes), Number(flags.classes)];
const voxels = tile.reduce((product, length) => product * length);
const boxes = renderBatch(count / 2).volumes;
const batch = renderBatch(classes);
const options = { preset: "cosnet", seconds: 0, repeats: Number(flags.repeats) };

const KINDS = [
  [`${count} boxes`, count, (device) => sampleEmbedding(boxes, { ...options, device })],
  [`a tile of ${flags.tile}, in boxes of 32^3`, voxels / 32 ** 3, sampleTile],
  [`a step of ${2 * classes} boxes`, 2 * classes, (device) => sampleTraining(batch, { ...options, classes, device })],
];

const rows = [["", "processor, s", "WebGPU, s", "boxes a second", "WebGPU", "times as fast"]];
for (const [name, volumes, sampleOn] of KINDS) {
  const [cpu, webgpu] = [median(await sampleOn("cpu")), median(await sampleOn("webgpu"))];
  const perSecond = [cpu, webgpu].map((seconds) => (volumes / seconds).toFixed(1));
  rows.push([name, cpu.toFixed(4), webgpu.toFixed(4), ...perSecond, (cpu / webgpu).toFixed(2)]);
}
console.log(table(rows));

/** Seconds of one tile of noise. */
async function sampleTile(device) {
  const model = await readFile(join(import.meta.dirname, "../models/detector.onnx"));
  const random = createRandom(SEED);
  const volume = Float32Array.from({ length: voxels }, () => random.normal());
  const detector = await createNetworkDetector(nodeRuntime, model, { device });
  try {
    return await sample(() => detector.detect(volume, tile), options);
  } finally {
    await detector.release();
  }
}
