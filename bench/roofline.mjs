/**
 * What the networks of a search have to do, and how near to the processor's limits they do it, on one thread:
 * `node bench/roofline.mjs [--boxes 16] [--tile 136,144,144] [--repeats 12] [--precision int8]`; of one alone with `--boxes 0` or `--tile none`.
 *
 * By ONNX Runtime's profile, the least time of each operator; operations are multiplications and additions, bytes what operators
 * read and write. The floor of an operator is what its operations take at the speed of the best of three large convolutions,
 * or its bytes at that of joining two arrays of 2 MB, both measured here, whichever is longer.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nodeRuntime } from "../dist/files/model/index.js";
import { encodeOnnx, op } from "../dist/graph/index.js";
import { createEmbedder, createNetworkDetector } from "../dist/infer/index.js";
import { createSession } from "../dist/runtime/index.js";
import { createRandom } from "../dist/volume/index.js";
import { table } from "./measure.mjs";

const COPIES = "layouts and copies";
/** Which move nothing. */
const SHAPES = "shapes alone";
const BYTES = { uint8: 1, int8: 1, bool: 1, float16: 2, float: 4, int32: 4, double: 8, int64: 8 };
const { values: flags } = parseArgs({
  options: {
    boxes: { type: "string", default: "16" },
    tile: { type: "string", default: "136,144,144" },
    repeats: { type: "string", default: "12" },
    precision: { type: "string", default: "int8" },
  },
});
const repeats = Number(flags.repeats);
const tile = flags.tile.split(",").map(Number);
const isQuantised = flags.precision === "int8";
const random = createRandom("roofline");
const noise = (length) => Float32Array.from({ length }, () => random.normal());

/** Weights are packed before the first run, and a profile then does not tell their shapes. */
const UNPACKED = {
  ...nodeRuntime,
  InferenceSession: {
    create: (model, { extra, ...options }) => {
      const session = { ...extra?.session, disable_prepacking: "1" };
      return nodeRuntime.InferenceSession.create(model, { ...options, extra: { ...extra, session } });
    },
  },
};

const networks = [];
if (flags.boxes !== "0") networks.push([`${flags.boxes} boxes`, await profiled(runBoxes)]);
if (flags.tile !== "none") networks.push([`a tile of ${flags.tile}`, await profiled(runTile)]);
const peak = Math.max(await convolutionSpeed(32), await convolutionSpeed(64), await convolutionSpeed(128));
const bandwidth = await joiningSpeed();
console.log(`floor: ${(peak / 1e9).toFixed(0)} G operations/s, ${(bandwidth / 1e9).toFixed(0)} GB/s`);
for (const [name, operators] of networks) {
  const parts = [...new Set(operators.map(({ part }) => part))].map((part) => [
    part,
    operators.filter((one) => one.part === part),
  ]);
  const rows = [...parts, ["all", operators]]
    .map(([part, own]) => ({ part, own, seconds: sum(own, ({ seconds }) => seconds) }))
    .sort((a, b) => (a.part === "all") - (b.part === "all") || b.seconds - a.seconds)
    .map(({ part, own, seconds }) => {
      const floor = sum(own, ({ operations, bytes }) => Math.max(operations / peak, bytes / bandwidth));
      return [
        ...[part, String(own.length), (sum(own, ({ operations }) => operations) / 1e9).toFixed(2)],
        ...[(sum(own, ({ bytes }) => bytes) / 1e6).toFixed(0), (1e3 * floor).toFixed(2), (1e3 * seconds).toFixed(2)],
        (floor / seconds).toFixed(2),
      ];
    });
  console.log(`\n${name}`);
  console.log(table([["part", "operators", "G operations", "MB", "floor, ms", "time, ms", "floor / time"], ...rows]));
}

async function runBoxes(runtime, options, times) {
  const model = await readFile(join(import.meta.dirname, "../models/cosnet.onnx"));
  const embedder = await createEmbedder(runtime, model, { ...options, precision: flags.precision });
  const boxes = noise(Number(flags.boxes) * embedder.description.edge ** 3);
  for (let i = 0; i < times; i++) await embedder.embed(boxes);
  await embedder.release();
}

async function runTile(runtime, options, times) {
  const model = await readFile(join(import.meta.dirname, "../models/detector.onnx"));
  const detector = await createNetworkDetector(runtime, model, { ...options, precision: flags.precision });
  const volume = noise(tile.reduce((product, length) => product * length));
  for (let i = 0; i < times; i++) await detector.detect(volume, tile);
  await detector.release();
}

/** Bytes a second, read and written. */
async function joiningSpeed() {
  const shape = [8, 64, 32, 32];
  const y = op.concat([op.input("a", shape), op.input("b", shape)], 1);
  const one = { data: noise(countOf(shape)), shape };
  const operators = await profiled(runsOf(encodeOnnx({ y }, { target: "cpu" }), { a: one, b: one }));
  return Math.max(...operators.filter(({ kind }) => kind === "Concat").map(({ bytes, seconds }) => bytes / seconds));
}

/** Operations a second of a 3x3x3 convolution between as many channels, 16^3 voxels. */
async function convolutionSpeed(channels) {
  const [depth, edge] = [16, 16];
  const shape = [depth, channels, edge, edge];
  const x = op.input("x", shape);
  const y = op.conv3d(x, op.constant(noise(channels ** 2 * 27), [channels, channels, 3, 3, 3], "w"), depth);
  const range = [-4, 4];
  const quantised = new Map([
    ["w input", range],
    ["w", [-4 * Math.sqrt(27 * channels), 4 * Math.sqrt(27 * channels)]],
  ]);
  const model = encodeOnnx({ y }, { target: "cpu", ...(isQuantised && { quantised }) });
  const inputs = { x: { data: noise(countOf(shape)), shape } };
  const operators = await profiled(runsOf(model, inputs));
  return Math.max(...operators.map(({ operations, seconds }) => operations / seconds));
}

function runsOf(model, inputs) {
  return async (runtime, options, times) => {
    const session = await createSession(runtime, model, options);
    for (let i = 0; i < times; i++) await session.run(inputs);
    await session.release();
  };
}

/** Every operator that ran, with its least time. */
async function profiled(run) {
  const shapes = new Map((await eventsOf(run, UNPACKED, 1)).map(({ name, args }) => [name, args]));
  const operators = new Map();
  for (const { name, dur } of await eventsOf(run, nodeRuntime, repeats)) {
    const seconds = dur / 1e6;
    const known = operators.get(name);
    if (known) known.seconds = Math.min(known.seconds, seconds);
    else operators.set(name, { seconds, ...workOf(shapes.get(name)) });
  }
  return [...operators.values()];
}

/** What ONNX Runtime's profile says of each run of each operator. */
async function eventsOf(run, runtime, times) {
  const folder = mkdtempSync(join(tmpdir(), "cosnet-roofline-"));
  try {
    await run(runtime, { threads: 1, profilePrefix: join(folder, "profile") }, times);
    const events = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
    return events.filter(({ cat, name }) => cat === "Node" && name.endsWith("_kernel_time"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function workOf({ op_name: kind, input_type_shape: inputs, output_type_shape: outputs }) {
  const shapes = (tensors) => tensors.map((tensor) => Object.values(tensor)[0]);
  const part = partOf(kind);
  const bytes =
    part === SHAPES
      ? 0
      : sum([...inputs, ...outputs], (tensor) =>
          sum(Object.entries(tensor), ([type, shape]) => countOf(shape) * (BYTES[type] ?? 4)),
        );
  return { kind, part, bytes, operations: operationsOf(kind, shapes(inputs), shapes(outputs)) };
}

function operationsOf(kind, inputs, [output]) {
  if (/Conv$/.test(kind)) {
    // Of QLinearConv the weights are the fourth input, of Conv the second; the first of their lengths is that of the outputs.
    const weights = inputs[kind.includes("QLinear") ? 3 : 1];
    return 2 * countOf(output) * countOf(weights.slice(1));
  }
  if (/MatMul|Gemm/.test(kind)) return 2 * countOf(output) * inputs[0].at(-1);
  return 0;
}

function partOf(kind) {
  if (/Conv$/.test(kind)) return "convolutions";
  if (/MatMul|Gemm/.test(kind)) return "matrix products";
  if (/^(Quantize|Dequantize)Linear$/.test(kind)) return "to 8 bits and back";
  if (
    /Transpose|Concat|Slice|Split|Pad|Expand|Tile|Gather|Reorder|Resize|Upsample|DepthToSpace|SpaceToDepth/.test(kind)
  )
    return COPIES;
  if (/^(Reshape|Squeeze|Unsqueeze|Shape|Identity|Flatten)$/.test(kind)) return SHAPES;
  if (/Reduce|Pool/.test(kind)) return "sums and maxima";
  return "elementwise";
}

function countOf(shape) {
  return shape.reduce((product, length) => product * length, 1);
}

function sum(values, of) {
  return values.reduce((total, value) => total + of(value), 0);
}
