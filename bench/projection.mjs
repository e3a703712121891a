/**
 * Projection and weighted back-projection beside SciPy and NumPy on this machine:
 * `node bench/projection.mjs [--shape 100,128,200] [--tilts 41] [--repeats 3]` after `npm run build`.
 *
 * One thread against one, in processor time, which other work on the machine disturbs less: both sides do the same geometry on the same random volume, and the table says how well the results
 * agree (correlation; ours resamples more finely). Updates are voxels times tilts.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { planTiltSeries, projectRows, reconstructRows } from "../dist/simulate/index.js";
import { createRandom, gaussianFilterInPlace } from "../dist/volume/index.js";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    shape: { type: "string", default: "100,128,200" },
    tilts: { type: "string", default: "41" },
    repeats: { type: "string", default: "3" },
  },
});
const shape = flags.shape.split(",").map(Number);
const [nz, ny, nx] = shape;
const [tiltCount, repeats] = [Number(flags.tilts), Number(flags.repeats)];
const tiltDegrees = Array.from({ length: tiltCount }, (_, i) => -60 + (120 * i) / (tiltCount - 1));

const density = new Float32Array(nz * ny * nx);
const random = createRandom("bench");
for (let i = 0; i < density.length / 50; i++) {
  // Away from the ends of x, so that nothing leaves the image and both sides see the same.
  const x = Math.round(nx * random.uniform(0.3, 0.7));
  density[(random.integer(nz) * ny + random.integer(ny)) * nx + x] = 1;
}
gaussianFilterInPlace(density, shape, 1.2);

const ours = measureOurs();
const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-"));
try {
  await writeFile(join(folder, "density.f32"), density);
  const rows = [["work", "peer", "cosnet, ns/update", "peer, ns/update", "ratio", "correlation"]];
  for (const way of ["scipy", "numpy"]) {
    const peer = await measurePeer(way, folder);
    if (peer === undefined) continue;
    const updates = density.length * tiltCount;
    for (const work of ["project", "reconstruct"]) {
      const [own, other] = [median(ours.seconds[work]), median(peer[work])];
      const result = await readFloats(join(folder, `${work === "project" ? "images" : "volume"}-${way}.f32`));
      rows.push([
        work === "project" ? "projection" : "weighted back-projection",
        way,
        ((1e9 * own) / updates).toFixed(2),
        ((1e9 * other) / updates).toFixed(2),
        (other / own).toFixed(1),
        correlation(result, work === "project" ? ours.images : ours.volume).toFixed(4),
      ]);
    }
  }
  console.log(`${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores; Node ${process.version}; one thread each`);
  console.log(`[${shape.join(", ")}] voxels, ${tiltCount} tilts, medians of ${repeats}\n\n${table(rows)}`);
} finally {
  await rm(folder, { recursive: true });
}

function measureOurs() {
  const { imaging, tilts } = planTiltSeries({}, createRandom(1));
  const plan = {
    imaging,
    tilts: tiltDegrees.map((tilt) => ({ ...tilts[0], tiltDegrees: tilt, trueTiltDegrees: tilt })),
  };
  const images = new Float32Array(tiltCount * ny * nx);
  const volume = new Float32Array(density.length);
  const whole = { first: 0, end: ny };
  const options = { method: "wbp", filter: "ramp", hannFrequency: Number.POSITIVE_INFINITY };
  const seconds = {
    project: timed(() => projectRows(density, shape, plan, images, whole)),
    reconstruct: timed(() => reconstructRows({ images, tiltDegrees, shape, volume, options }, whole)),
  };
  return { images, volume, seconds };
}

function timed(work) {
  work();
  return Array.from({ length: repeats }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
}

/** Seconds of each repeat in Python, or undefined where that library is not there. */
async function measurePeer(way, folder) {
  const script = join(import.meta.dirname, "peer", "projection.py");
  const numbers = { nz, ny, nx, tilts: tiltCount, repeats };
  const options = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const environment = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  for (const python of [process.env.PYTHON, "python3", "/usr/bin/python3"]) {
    if (!python) continue;
    try {
      await promisify(execFile)(python, ["-c", `import ${way}`]);
    } catch {
      continue; // not there, or without the library: try the next
    }
    const arguments_ = [script, "--way", way, "--folder", folder, ...options];
    return JSON.parse((await promisify(execFile)(python, arguments_, { env: environment })).stdout);
  }
  console.error(`No Python with ${way} found (Debian: python3-${way}; or set PYTHON).`);
  return undefined;
}

async function readFloats(path) {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function correlation(a, b) {
  let [sumA, sumB, ab, aa, bb] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sumA += a[i];
    sumB += b[i];
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  const n = a.length;
  return (ab - (sumA * sumB) / n) / Math.sqrt((aa - sumA ** 2 / n) * (bb - sumB ** 2 / n));
}
