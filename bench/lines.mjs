/**
 * What two builds take for all that cosnet is measured by, in one run and one table:
 * `npm run bench:lines -- --against DIST [--lines search,simulation,networks,peer] [--rounds 1] [--json FILE]`.
 *
 * `DIST` is the `dist` folder of another build, with `models` beside it. Searches and simulations are processes that take turns, each line
 * the medians of its rounds; networks run call by call in turns in one process; `peer` is this build beside PyTorch, where that is installed.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    against: { type: "string" },
    lines: { type: "string", default: "search,simulation,networks,peer" },
    rounds: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
if (!flags.against) throw new Error("--against DIST says which build this one is compared with");
const both = ["--against", flags.against];
const rounds = ["--rounds", flags.rounds];

/** Each gives rows: what, of the other side, of this one, in what; more is better for the last kind alone. */
const LINES = {
  search: async () =>
    rowsOfPrograms("search of 512,512,200", await bench("pick.mjs", [...both, ...rounds, "--again", "1"])),
  simulation: async () => rowsOfPrograms("simulate --preset paper", await bench("simulate.mjs", [...both, ...rounds])),
  networks: async () =>
    (await bench("run.mjs", both)).results.flatMap(({ name, threads, theirs, ours }) =>
      ["wall", "processor"].map((kind) => [
        ...[`${name}, threads: ${threads}`, theirs[kind], ours[kind], `ms a volume, ${kind}`],
      ]),
    ),
  peer: async () =>
    (await bench("run.mjs", [])).results
      .filter(({ ours, peer }) => ours && peer)
      .map(({ name, threads, ours, peer }) => [
        ...[`beside PyTorch: ${name}, threads: ${threads}`, 1000 / peer, 1000 / ours, "ms a volume, wall"],
      ]),
};
const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-lines-"));
try {
  const rows = [];
  for (const line of flags.lines.split(",")) rows.push(...(await LINES[line]()));
  const text = rows.map(([what, other, own, unit]) => [
    ...[what, unit, other.toFixed(2), own.toFixed(2), (own / other).toFixed(2), (other / own).toFixed(2)],
  ]);
  console.log(table([["", "in", "other", "this build", "part", "times as fast"], ...text]));
  if (flags.json) await writeFile(flags.json, `${JSON.stringify({ flags, rows }, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

/** What a bench writes as JSON. */
async function bench(script, words) {
  const json = join(folder, `${script}.json`);
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...words, "--json", json], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(await readFile(json, "utf8"));
}

function rowsOfPrograms(what, { results: [ours, theirs] }) {
  const figures = { seconds: "s, wall", processorSeconds: "s, processor", megabytes: "MB" };
  return Object.entries(figures).map(([figure, unit]) => [what, theirs[figure], ours[figure], unit]);
}
