/**
 * The fully connected CRF beside a C++ program in the manner of the field's (bench/peer/crf.cpp, our own writing of the published
 * algorithm; needs g++, else cosnet is measured alone): `node bench/crf.mjs [--edges 32,64,128] [--repeats 15]` after `npm run build`.
 *
 * Two labels, one channel, five updates, kernels built anew each time, both warmed up. One thread against one in turns, in processor
 * time, which other work on the machine disturbs less. The two differ by what their kernels approximate: see the last column.
 * Memory is the highest resident set of a process of its own that does this volume three times, and in brackets of one that only
 * loads cosnet.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom, refineLabels } from "../dist/index.js";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    edges: { type: "string", default: "32,64,128" },
    repeats: { type: "string", default: "15" },
    memory: { type: "string" },
  },
});
const parameters = {
  appearanceWeight: 1,
  appearanceSigmaAngstrom: 30,
  intensitySigma: 1,
  smoothnessWeight: 1,
  smoothnessSigmaAngstrom: 15,
  iterations: 5,
};
/** Calls after which the engine has compiled what it will compile. */
const warmUps = (edge) => (edge > 64 ? 1 : 30);
if (flags.memory !== undefined) {
  const bare = highestMemory();
  const problem = noisyBall(Number(flags.memory));
  for (let i = 0; i < 3; i++) refineLabels(problem, parameters, { tolerance: 0 });
  console.log(`${highestMemory()} (${bare})`);
  process.exit();
}
const folder = mkdtempSync(join(tmpdir(), "cosnet-bench-"));
try {
  const program = buildPeer();
  const rows = [["volume", "cosnet, s", "C++, s", "ratio", "memory, MB", "labels alike"]];
  for (const edge of flags.edges.split(",").map(Number)) {
    const problem = noisyBall(edge);
    const repeats = edge > 64 ? 3 : Number(flags.repeats);
    const ours = [];
    const theirs = [];
    let refined;
    for (let i = 0; i < warmUps(edge); i++) refined = refineLabels(problem, parameters, { tolerance: 0 });
    let labels;
    for (let turn = 0; turn < 3; turn++) {
      for (let i = 0; i < Math.ceil(repeats / 3); i++) {
        const start = process.cpuUsage();
        refined = refineLabels(problem, parameters, { tolerance: 0 });
        const { user, system } = process.cpuUsage(start);
        ours.push((user + system) / 1e6);
      }
      if (program === undefined) continue;
      const peer = runPeer(program, problem, edge, Math.ceil(repeats / 3));
      theirs.push(...peer.seconds);
      labels = peer.labels;
    }
    const alike =
      labels && refined.labels.reduce((sum, label, i) => sum + (label === labels[i] ? 1 : 0), 0) / labels.length;
    rows.push([
      `${edge}^3`,
      median(ours).toFixed(4),
      labels ? median(theirs).toFixed(4) : "-",
      labels ? (median(theirs) / median(ours)).toFixed(1) : "-",
      execFileSync(process.execPath, [process.argv[1], "--memory", edge], { encoding: "utf8" }).trim(),
      alike ? alike.toFixed(4) : "-",
    ]);
  }
  console.log(`${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores; Node ${process.version}; one thread each\n`);
  console.log(table(rows));
} finally {
  rmSync(folder, { recursive: true });
}

/** In MB; of this program alone, whereas `resourceUsage` begins with what its parent had when it started it. */
function highestMemory() {
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1000);
}

function buildPeer() {
  const source = join(dirname(fileURLToPath(import.meta.url)), "peer", "crf.cpp");
  const program = join(folder, "crf");
  const { status, error } = spawnSync("g++", ["-O3", "-march=native", "-std=c++17", "-o", program, source], {
    stdio: "inherit",
  });
  return error === undefined && status === 0 ? program : undefined;
}

function runPeer(program, { shape, intensities, probabilities }, edge, repeats) {
  const { appearanceSigmaAngstrom, smoothnessSigmaAngstrom, appearanceWeight, smoothnessWeight } = parameters;
  const widths = [appearanceSigmaAngstrom / 10, smoothnessSigmaAngstrom / 10, appearanceWeight, smoothnessWeight];
  const head = Float32Array.of(...shape, 2, parameters.iterations, repeats, ...widths);
  const interleaved = new Float32Array(2 * edge ** 3);
  for (let i = 0; i < edge ** 3; i++) {
    interleaved[2 * i] = probabilities[0][i];
    interleaved[2 * i + 1] = probabilities[1][i];
  }
  const [input, output] = [join(folder, "in"), join(folder, "out")];
  const deviation = Math.sqrt(intensities[0].reduce((sum, value) => sum + value * value, 0) / edge ** 3);
  const scaled = intensities[0].map((value) => value / deviation);
  writeFileSync(input, Buffer.concat([head, scaled, interleaved].map((part) => new Uint8Array(part.buffer))));
  const seconds = execFileSync(program, [input, output], { encoding: "utf8" }).trim().split("\n").map(Number);
  const q = new Float32Array(readFileSync(output).buffer);
  return { seconds, labels: Uint8Array.from({ length: edge ** 3 }, (_, i) => (q[2 * i + 1] > 0.5 ? 1 : 0)) };
}

function noisyBall(edge) {
  const random = createRandom("crf bench");
  const intensity = new Float32Array(edge ** 3);
  const probability = new Float32Array(edge ** 3);
  for (let i = 0; i < intensity.length; i++) {
    const [z, y, x] = [Math.floor(i / edge ** 2), Math.floor(i / edge) % edge, i % edge].map((at) => at - edge / 2);
    const inside = Math.hypot(z, y, x) < edge / 4;
    intensity[i] = (inside ? 1.5 : 0) + random.normal();
    probability[i] = 1 / (1 + Math.exp((inside ? -1.5 : 1.5) + random.normal()));
  }
  const background = probability.map((value) => 1 - value);
  return {
    shape: [edge, edge, edge],
    voxelSizeAngstrom: 10,
    intensities: [intensity],
    probabilities: [background, probability],
  };
}
