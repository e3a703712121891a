/**
 * Memory and processor time of averaging without a reference, by the number of particles:
 * `node bench/average.mjs [--particles 500,2000,10000] [--edge 64] [--voxel-size 10] [--finest 40] [--snr 0.1] [--structure FILE]
 * [--distinct 32] [--threads 2] [--json FILE]`.
 *
 * Particles of one complex (made up, about 250 Å, or that of a structure) in random poses, tilts to 60 degrees. They are rendered as
 * they are read, so that no box lies on the disk; with `--distinct` only as many are, wait in memory and come again and again, which changes
 * what the average shows, but not what it takes. Each number has a process of its own, whose largest resident memory is told. Times
 * are processor time, rendering left out, a particle and each time that it is gone through.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openRowFile } from "../dist/files/disk/index.js";
import { averageWithoutReference, createSubtomogramMaker } from "../dist/infer/index.js";
import { loadComplexes, nodeRuntime } from "../dist/node.js";
import { createRenderer, proceduralComplex } from "../dist/simulate/index.js";
import { createRandom, wedgeMask } from "../dist/volume/index.js";
import { table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    particles: { type: "string", default: "500,2000,10000" },
    edge: { type: "string", default: "64" },
    "voxel-size": { type: "string", default: "10" },
    finest: { type: "string", default: "40" },
    snr: { type: "string", default: "0.1" },
    structure: { type: "string" },
    distinct: { type: "string" },
    threads: { type: "string", default: "2" },
    json: { type: "string" },
    alone: { type: "boolean", default: false },
  },
});
const MEGABYTE = 1e6;
const TILT = 60;
const seconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;

if (flags.alone) console.log(JSON.stringify(await averageOf(Number(flags.particles))));
else {
  const rows = flags.particles.split(",").map(inOwnProcess);
  const milliseconds = (value) => (1000 * value).toFixed(1);
  console.log(
    table([
      ["particles", "peak MB", "band MB", "read ms", "search ms", "refine ms", "sum ms", "all s"],
      ...rows.map(({ particles, peakBytes, bandBytes, reading, searching, refining, summing, all }) => [
        String(particles),
        (peakBytes / MEGABYTE).toFixed(0),
        (bandBytes / MEGABYTE).toFixed(0),
        ...[reading, searching, refining, summing].map(milliseconds),
        all.toFixed(0),
      ]),
    ]),
  );
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** One line of the table, from a process that did nothing else. */
function inOwnProcess(particles) {
  const given = Object.entries({ ...flags, particles, alone: undefined, json: undefined });
  const options = given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, "--alone", ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
  return JSON.parse(stdout);
}

/** Averages this many particles; seconds a particle of each step, of searching and refining for each time it was gone through. */
async function averageOf(particles) {
  const complex = await theComplex();
  const { source, renderingSeconds } = sourceOf(complex, particles);
  const folder = mkdtempSync(join(tmpdir(), "cosnet-bench-average-"));
  const path = join(folder, "band.rows");
  const rows = await openRowFile(path);
  try {
    const spent = { reading: 0, searching: 0, refining: 0, summing: 0 };
    const gone = { reading: particles, searching: 0, refining: 0, summing: particles };
    const rendered = renderingSeconds();
    let last = seconds();
    const begun = last;
    await averageWithoutReference(nodeRuntime, source, {
      ...{ diameterAngstrom: 2 * complex.radiusAngstrom, finestAngstrom: Number(flags.finest), seed: 1 },
      ...{ threads: Number(flags.threads), symmetry: "C1", openRows: rows.rows },
      onProgress({ step, done, total }) {
        const now = seconds();
        spent[step] += now - last;
        last = now;
        if (step === "refining") gone.refining = total;
        if (step === "searching" && done === 0) gone.searching += total;
      },
    });
    const rendering = renderingSeconds() - rendered;
    const all = seconds() - begun - rendering;
    const [first, second] = [spent.reading - rendering / 2, spent.summing - rendering / 2]; // every particle is read twice
    return {
      ...{ particles, peakBytes: 1024 * process.resourceUsage().maxRSS, bandBytes: statSync(path).size, all },
      ...{ reading: first / gone.reading, searching: spent.searching / gone.searching },
      ...{ refining: spent.refining / gone.refining, summing: second / gone.summing },
    };
  } finally {
    await rows[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  }
}

/** Particles that are rendered when they are read, and the processor time that this took. */
function sourceOf(complex, count) {
  const edge = Number(flags.edge);
  const voxelSizeAngstrom = Number(flags["voxel-size"]);
  const renderer = createRenderer({ boxSize: edge, voxelSizeAngstrom, contrastTransfer: false, tiltDegrees: TILT });
  const weight = Float32Array.from(wedgeMask([edge, edge, edge], TILT));
  const make = createSubtomogramMaker(edge);
  let rendering = 0;
  const render = (index) => {
    const start = seconds();
    const { volume } = renderer.render(complex, {
      random: createRandom("bench average").fork(index),
      snr: Number(flags.snr),
    });
    const subtomogram = make(volume, weight);
    rendering += seconds() - start;
    return subtomogram;
  };
  const distinct = Number(flags.distinct ?? 0);
  const waiting = Array.from({ length: distinct }, (_, index) => render(index));
  const read = (index) => (distinct > 0 ? waiting[index % distinct] : render(index));
  return { source: { count, edge, voxelSizeAngstrom, read }, renderingSeconds: () => rendering };
}

async function theComplex() {
  if (!flags.structure)
    return proceduralComplex(createRandom("bench average"), { minimumKilodalton: 1500, maximumKilodalton: 2000 });
  const folder = mkdtempSync(join(tmpdir(), "cosnet-bench-structure-"));
  try {
    symlinkSync(resolve(flags.structure), join(folder, basename(flags.structure)));
    const [complex] = await loadComplexes(folder);
    return complex;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
