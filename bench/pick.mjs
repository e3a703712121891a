/**
 * A whole search, and searching again with one example more in the same process:
 * `npm run bench:pick -- [--size 512,512,200] [--particles 1800] [--structures FOLDER] [--rounds 3] [--again 4] [--against DIST] [--json FILE]`.
 *
 * A simulated tomogram of 12 classes at SNR 0.5, one example each, no report. Each search is a process of its own; `--against` names the
 * `dist` folder of another build, with `models` beside it, which then takes turns with this one. Each round has examples of its own,
 * the same for both builds.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    size: { type: "string", default: "512,512,200" },
    particles: { type: "string", default: "1800" },
    structures: { type: "string" },
    rounds: { type: "string", default: "3" },
    again: { type: "string", default: "4" },
    against: { type: "string" },
    json: { type: "string" },
  },
});
const COLUMNS = {
  "": ({ name }) => name,
  candidates: ({ candidates }) => String(candidates),
  "search, s": ({ seconds }) => seconds.toFixed(1),
  "of processor": ({ processorSeconds }) => processorSeconds.toFixed(1),
  "again, s": ({ againSeconds }) => againSeconds.toFixed(2),
  "of processor ": ({ againProcessorSeconds }) => againProcessorSeconds.toFixed(2),
  MB: ({ megabytes }) => megabytes.toFixed(0),
  F1: ({ f1 }) => f1.toFixed(3),
  "class F1": ({ macroF1 }) => macroF1.toFixed(3),
};
const run = promisify(execFile);
const OURS = resolve(import.meta.dirname, "../dist");
const builds = { "this build": OURS, ...(flags.against && { other: resolve(flags.against) }) };
const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-pick-"));
const cosnet = (...words) => run(process.execPath, [join(OURS, "cli/main.js"), ...words], { maxBuffer: 2 ** 28 });

try {
  const specimen = join(folder, "tomogram");
  const classes = flags.structures ? ["--structures", flags.structures] : ["--procedural", "12"];
  const size = ["--size", flags.size, "--particles", flags.particles, "--snr", "0.5", "--write", "none"];
  await cosnet("simulate", "tomogram", ...classes, ...size, "--output", specimen, "--quiet");
  const [tomogram, list] = ["tomogram.mrc", "particles.star"].map((name) => join(specimen, "snr-0.5", name));
  const searches = Object.keys(builds).map(() => []);
  for (let round = 0; round < Number(flags.rounds); round++)
    for (const [i, [name, build]] of Object.entries(builds).entries()) {
      const output = join(folder, `${name}-${round}`);
      await mkdir(output);
      const script = join(import.meta.dirname, "pick-once.mjs");
      const { stdout } = await run(process.execPath, [
        script,
        build,
        tomogram,
        list,
        output,
        flags.again,
        String(round),
      ]);
      const search = JSON.parse(stdout);
      const { stdout: scored } = await cosnet(
        "evaluate",
        search.cold.picks,
        join(specimen, "particles.star"),
        "--json",
        "--quiet",
      );
      const { detection, classes: ofClasses } = JSON.parse(scored).scores;
      const macroF1 = ofClasses.reduce((sum, { f1 }) => sum + f1, 0) / ofClasses.length;
      searches[i].push({ ...search, f1: detection.f1, macroF1 });
      await rm(output, { recursive: true });
      process.stderr.write(`${name}, round ${round + 1}: done\n`);
    }
  const results = Object.keys(builds).map((name, i) => ({ name, ...summary(searches[i]) }));
  console.log(`Tomogram of ${flags.size} voxels; medians of ${flags.rounds}.\n`);
  console.log(table([Object.keys(COLUMNS), ...results.map((row) => Object.values(COLUMNS).map((cell) => cell(row)))]));
  if (flags.json) await writeFile(flags.json, `${JSON.stringify({ flags, results, searches }, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

function summary(ofBuild) {
  const middle = (of) => median(ofBuild.map(of));
  return {
    candidates: ofBuild[0].cold.candidates,
    seconds: middle(({ cold }) => cold.seconds),
    processorSeconds: middle(({ cold }) => cold.processorSeconds),
    megabytes: middle(({ megabytes }) => megabytes),
    againSeconds: middle(({ again }) => median(again.map(({ seconds }) => seconds))),
    againProcessorSeconds: middle(({ again }) => median(again.map(({ processorSeconds }) => processorSeconds))),
    f1: middle(({ f1 }) => f1),
    macroF1: middle(({ macroF1 }) => macroF1),
  };
}
