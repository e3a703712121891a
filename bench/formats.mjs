/**
 * Reading volumes from bytes in memory beside a plain copy of the voxels:
 * `node bench/formats.mjs [--edge 160] [--repeats 15] [--against DIST]`, where DIST is the dist folder of an earlier build.
 *
 * Seeded noise of [edge, edge, edge] voxels; the formats take turns; medians of processor time, in nanoseconds a voxel. A plain copy
 * is `new Float32Array(values)`: what any reader that gives float32 of its own must at least write.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as ours from "../dist/index.js";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    edge: { type: "string", default: "160" },
    repeats: { type: "string", default: "15" },
    against: { type: "string" },
  },
});
const edge = Number(flags.edge);
const builds = { now: ours };
if (flags.against) builds.earlier = await import(pathToFileURL(resolve(flags.against, "index.js")).href);

const random = ours.createRandom("bench formats");
const data = Float32Array.from({ length: edge ** 3 }, () => Math.fround(random.normal()));
const volume = { data, shape: [edge, edge, edge], voxelSizeAngstrom: 10 };
const float32 = ours.writeNpy(volume);
const halves = ours.writeMrc(volume, { mode: 12 }).subarray(-2 * data.length);
const header = new TextDecoder("latin1")
  .decode(float32.subarray(0, float32.length - 4 * data.length))
  .replace("<f4", "<f2");
const float16 = new Uint8Array(header.length + halves.length);
float16.set(Uint8Array.from(header, (letter) => letter.charCodeAt(0)));
float16.set(halves, header.length);

const readers = {
  "npy float32": (build) => build.readNpy(float32).data,
  "npy float16": (build) => build.readNpy(float16).data,
  "EM float32": (build) => build.readEm(em).volume.data,
  "MRC float32": (build) => build.readMrc(mrc[2]).volume.data,
  "MRC float16": (build) => build.readMrc(mrc[12]).volume.data,
  "MRC int16": (build) => build.readMrc(mrc[1]).volume.data,
};
const em = ours.writeEm(volume);
const scaled = { ...volume, data: data.map((value) => Math.round(1000 * value)) };
const mrc = {
  2: ours.writeMrc(volume),
  12: ours.writeMrc(volume, { mode: 12 }),
  1: ours.writeMrc(scaled, { mode: 1 }),
};

let sink = 0;
const nanoseconds = (work) => {
  const start = process.cpuUsage();
  sink += work()[edge];
  const { user, system } = process.cpuUsage(start);
  return (1000 * (user + system)) / data.length;
};
const samples = new Map();
const note = (name, value) => samples.set(name, [...(samples.get(name) ?? []), value]);
for (let repeat = -3; repeat < Number(flags.repeats); repeat++) {
  const copied = nanoseconds(() => new Float32Array(data));
  if (repeat >= 0) note("copy", copied);
  for (const [name, read] of Object.entries(readers))
    for (const [build, library] of Object.entries(builds)) {
      const taken = nanoseconds(() => read(library));
      if (repeat >= 0) note(`${name} ${build}`, taken);
    }
}
const copy = median(samples.get("copy"));
console.log(
  `${edge}^3 voxels, Node ${process.version}; a plain copy takes ${copy.toFixed(2)} ns a voxel (${sink === 0 ? "" : "done"})\n`,
);
console.log(
  table([
    ["", "ns a voxel", "/ copy", ...(flags.against ? ["earlier build", "earlier / now"] : [])],
    ...Object.keys(readers).map((name) => {
      const now = median(samples.get(`${name} now`));
      const earlier = flags.against && median(samples.get(`${name} earlier`));
      return [
        name,
        now.toFixed(2),
        (now / copy).toFixed(2),
        ...(earlier ? [earlier.toFixed(2), (earlier / now).toFixed(1)] : []),
      ];
    }),
  ]),
);
