/**
 * `simulate tomogram --preset paper`, each time in a process of its own:
 * `npm run bench:simulate -- [--procedural 12] [--size X,Y,Z] [--rounds 2] [--against DIST] [--json FILE]`.
 *
 * `--against` names the `dist` folder of another build, which then takes turns with this one; what both write is compared.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    procedural: { type: "string", default: "12" },
    size: { type: "string" },
    rounds: { type: "string", default: "2" },
    against: { type: "string" },
    json: { type: "string" },
  },
});
const run = promisify(execFile);
const OURS = resolve(import.meta.dirname, "../dist");
const builds = { "this build": OURS, ...(flags.against && { other: resolve(flags.against) }) };
const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-simulate-"));

try {
  const samples = Object.keys(builds).map(() => []);
  for (let round = 0; round < Number(flags.rounds); round++)
    for (const [i, [name, build]] of Object.entries(builds).entries()) {
      const output = join(folder, "out");
      const size = flags.size ? ["--size", flags.size] : [];
      const words = ["simulate", "tomogram", "--preset", "paper", "--procedural", flags.procedural, ...size];
      const script = join(import.meta.dirname, "main-once.mjs");
      const main = [script, build, ...words, "--output", output, "--quiet"];
      const { stderr } = await run(process.execPath, main, { maxBuffer: 2 ** 28 });
      samples[i].push({ ...JSON.parse(stderr.trim().split("\n").at(-1)), volumes: await digestOfVolumes(output) });
      await rm(output, { recursive: true });
      process.stderr.write(`${name}, round ${round + 1}: done\n`);
    }
  const results = Object.keys(builds).map((name, i) => {
    const middle = (figure) => median(samples[i].map((sample) => sample[figure]));
    const [seconds, processorSeconds, megabytes] = ["seconds", "processorSeconds", "megabytes"].map(middle);
    return { name, seconds, processorSeconds, megabytes, volumes: samples[i][0].volumes };
  });
  const rows = results.map(({ name, seconds, processorSeconds, megabytes, volumes }) => [
    ...[name, seconds.toFixed(1), processorSeconds.toFixed(1), megabytes.toFixed(0), volumes.slice(0, 12)],
  ]);
  console.log(table([["", "seconds", "of processor", "MB", "volumes"], ...rows]));
  if (flags.json) await writeFile(flags.json, `${JSON.stringify({ flags, results, samples }, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

/** Of all that is written as MRC or NumPy, by their names. */
async function digestOfVolumes(output) {
  const files = (await readdir(output, { recursive: true })).filter((name) => /\.(mrc|npy)$/.test(name)).sort();
  const hash = createHash("sha256");
  for (const name of files) {
    hash.update(name);
    for await (const bytes of createReadStream(join(output, name))) hash.update(bytes);
  }
  return hash.digest("hex");
}
