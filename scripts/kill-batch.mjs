// One batch of many small tomograms, killed again and again at random moments, half of the time one of its units in place of the
// process that started it, and gone on with: npm run kill-batch -- [--count 200] [--seed 1] [--tomograms 12] [--output kill-batch]
// No unit that was done may be done again, and the end has to be that of an uninterrupted batch, byte for byte but for times. One that
// ends before all kills have come is compared, and another begins. Exits with 1 when anything is wrong.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../dist/volume/index.js";
import {
  differences,
  doneAgain,
  doneUnits,
  filesOf,
  leftovers,
  run,
  runningUnit,
  SIGNALS,
  seconds,
  start,
} from "./killing.mjs";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    tomograms: { type: "string", default: "12" },
    output: { type: "string", default: "kill-batch" },
  },
});
const root = resolve(options.output);
const [inputs, temporary] = [join(root, "inputs"), join(root, "tmp")];
rmSync(root, { recursive: true, force: true });
mkdirSync(temporary, { recursive: true });

/** The same particles in noise of their own. */
const ratios = Array.from({ length: Number(options.tomograms) }, (_, i) => (2 - i / 100).toFixed(2));
const specimen = "--procedural 2 --size 64,64,48 --particles 6 --step 10 --seed 1 --write none";
await finished(`simulate tomogram ${specimen} --snr ${ratios.join(",")} --output inputs`, root);
mkdirSync(join(inputs, "tomograms"));
for (const [i, ratio] of ratios.entries())
  renameSync(
    join(inputs, `snr-${Number(ratio)}/tomogram.mrc`),
    join(inputs, `tomograms/TS_${String(i + 1).padStart(3, "0")}.mrc`),
  );
// As quick as picking can be: what is tried are the processes.
const pick = {
  examples: [join(inputs, "particles.star")],
  "examples-tomogram": join(inputs, "tomograms/TS_001.mrc"),
  "closed-set": true,
  "voxel-size": 10,
  detector: "blob",
};
writeFileSync(join(inputs, "recipe.json"), JSON.stringify({ pick, segment: { crf: "off", surfaces: "none" } }));
const BATCH = `batch run ${join(inputs, "tomograms")} --recipe ${join(inputs, "recipe.json")} --output out`;

const references = [];
let milliseconds = 0;
for (const name of ["uninterrupted", "uninterrupted-again"]) {
  const folder = emptyFolder(name);
  ({ milliseconds } = await finished(BATCH, folder));
  references.push({ files: filesOf(folder), units: doneUnits(folder).size });
}
const [{ files: expected, units }, { files: other }] = references;
console.log(`${units} units, ${expected.size} files in ${seconds(milliseconds)} without a kill`);

const random = createRandom(options.seed);
let [kills, batches, failures] = [0, 0, 0];
while (kills < Number(options.count)) {
  const folder = emptyFolder("killed");
  const problems = await killedBatch(folder);
  batches++;
  if (problems.length === 0) continue;
  failures++;
  cpSync(folder, join(root, `failed-${batches}`), { recursive: true });
  console.log(`batch ${batches} FAILED: ${problems.slice(0, 5).join("; ")}`);
}
console.log(`${kills} kills over ${batches} batches of ${units} units, ${failures} of them failed`);
process.exitCode = failures > 0 ? 1 : 0;

/** Kills a batch until it has ended nevertheless, or all kills have come; then lets it end, and says what is wrong. */
async function killedBatch(folder) {
  const problems = [];
  let done = new Map();
  for (;;) {
    const { child, ended } = start(BATCH, folder, temporary);
    const stop = new AbortController();
    const killing = killAtRandom(child, folder, stop.signal);
    const { code, errors } = await ended;
    stop.abort();
    const wasKilled = await killing;
    const now = doneUnits(folder);
    problems.push(...doneAgain(done, now));
    done = now;
    if (code === 0) break;
    if (!wasKilled) return [...problems, `failed by itself: ${errors}`];
  }
  problems.push(...differences(filesOf(folder), expected, other));
  return [...problems, ...leftovers(temporary).map((name) => `${name} is left over`)];
}

/** Kills the batch's process or those of its units at random moments until it ends; tells whether any kill came. */
async function killAtRandom(child, folder, signal) {
  let came = false;
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  while (kills < Number(options.count)) {
    // About the time that two units side by side take.
    const wait = random.uniform(0, (3 * milliseconds) / units);
    await sleep(wait, undefined, { signal }).catch(() => {});
    if (!isAlive()) return came;
    const unit = random.uniform(0, 1) < 0.5 ? runningUnit(folder) : undefined;
    const name = random.pick(SIGNALS);
    try {
      process.kill(unit ?? child.pid, name);
    } catch {
      continue; // the unit has ended since
    }
    came = true;
    kills++;
    console.log(
      `${kills}: ${name} to ${unit === undefined ? "the batch" : "a unit"}, ${doneUnits(folder).size} units done`,
    );
    if (unit === undefined) return came;
  }
  return came;
}

async function finished(command, folder) {
  const end = await run(command, folder, temporary);
  if (end.code !== 0) throw new Error(`${command.split(" ", 2).join(" ")} failed: ${end.errors}`);
  return end;
}

function emptyFolder(name) {
  const folder = join(root, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
