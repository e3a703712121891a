// Kills cosnet at random moments, runs it again, and compares the end with that of an uninterrupted run, byte for byte:
// npm run kill-test -- [--count 100] [--seed 1] [--verbs convert,classify] [--output kill-test]
// Half of the kills come at a random moment of the whole run, half at a random one of the changes that a run makes in its folder:
// those fall into the middle of writing. Of batch, half of the kills hit a unit's process in place of the one that started it, and no
// unit that was done may be done again. Text that holds times is masked, and so is wherever two uninterrupted runs differ. Reports how
// soon SIGTERM and SIGHUP were heeded. Exits with 1 when a result differs or anything is left over.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../dist/volume/index.js";
import { differences, doneAgain, doneUnits, filesOf, leftovers, run, SIGNALS, seconds } from "./killing.mjs";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    verbs: { type: "string", default: "convert,classify,segment,pick,align,average,simulate,train,batch" },
    output: { type: "string", default: "kill-test" },
  },
});
const root = resolve(options.output);
const [inputs, temporary] = [join(root, "inputs"), join(root, "tmp")];
rmSync(root, { recursive: true, force: true });
mkdirSync(temporary, { recursive: true });

const SIMULATE =
  "simulate tomogram --procedural 2 --size 64,64,48 --particles 6 --snr 0.5 --step 10 --box 32 --edges fill --seed 1";
const TOMOGRAM = join(inputs, "snr-0.5/tomogram.mrc");
const LIST = join(inputs, "snr-0.5/particles.star");
const BOXES = join(root, "boxes");
/** Small jobs of each verb; each writes into the folder `out` alone. */
const VERBS = {
  convert: `convert ${TOMOGRAM} out/tomogram.zarr`,
  classify: `classify --examples ${LIST} --particles ${LIST} --tomogram ${TOMOGRAM} --output out`,
  segment: `segment ${TOMOGRAM} --picks ${LIST} --output out`,
  pick: `pick ${TOMOGRAM} --examples ${LIST} --closed-set --output out`,
  align: `align --particles ${BOXES}/particles.star --reference 1 --particle-diameter 150 --max-resolution 60 --output out`,
  average: `average --particles ${BOXES}/particles.star --max-resolution 60 --output out`,
  simulate: `${SIMULATE} --output out`,
  batch: `batch run ${TOMOGRAM} ${join(inputs, "TS_2.mrc")} --recipe ${join(inputs, "recipe.json")} --output out`,
  train: "train --steps 4 --channels 2 --validate-steps 2 --seed 1 --output out",
};

/** An empty folder for a run of a verb. */
function emptyFolder(verb) {
  const folder = join(root, verb);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function uninterrupted(verb) {
  const results = [];
  let last;
  for (let i = 0; i < 2; i++) {
    const folder = emptyFolder(verb);
    last = await run(VERBS[verb], folder, temporary);
    if (last.code !== 0) throw new Error(`${verb} failed: ${last.errors}`);
    results.push(filesOf(folder));
  }
  const { milliseconds, changes } = last;
  console.log(`${verb}: ${results[0].size} files in ${seconds(milliseconds)}, ${changes} changes seen`);
  return { results, milliseconds, changes };
}

/** Another random end for a run like the uninterrupted one. */
function randomKill(verb, { milliseconds, changes }) {
  const signal = random.pick(SIGNALS);
  const when =
    random.uniform(0, 1) < 0.5
      ? { afterMilliseconds: random.uniform(0, milliseconds) }
      : { atChange: 1 + random.integer(changes) };
  return { signal, ...when, ofUnit: verb === "batch" && random.uniform(0, 1) < 0.5 };
}

/** Kills a run, runs it again, and says what is wrong; undefined when it had ended before. */
async function killed(verb, kill, { results, milliseconds }) {
  const folder = emptyFolder(verb);
  const stopped = await run(VERBS[verb], folder, temporary, kill);
  if (stopped.code === 0) return undefined;
  const done = doneUnits(folder);
  const problems = [];
  if (stopped.heededAfter === undefined) problems.push(`failed by itself: ${stopped.errors}`);
  if (kill.signal !== "SIGKILL" && leftovers(temporary).length > 0) problems.push("temporary files after a tidy end");
  const again = await run(VERBS[verb], folder, temporary);
  // A result that was whole already is not to be replaced, and then has to be the right one.
  if (again.code !== 0 && !again.errors.includes("is there already"))
    problems.push(`does not run again: ${again.errors}`);
  problems.push(...doneAgain(done, doneUnits(folder)));
  problems.push(
    ...differences(filesOf(folder), ...results),
    ...leftovers(temporary).map((name) => `${name} is left over`),
  );
  const spent = (stopped.milliseconds + again.milliseconds) / milliseconds;
  return { problems, heededAfter: stopped.heededAfter, milliseconds: stopped.milliseconds, spent };
}

const PARTICLES = "simulate particles --procedural 1 --particles 16 --snr 2 --no-neighbours --seed 3 --output boxes";
for (const command of [`${SIMULATE} --output inputs`, PARTICLES]) {
  const prepared = await run(command, root, temporary);
  if (prepared.code !== 0) throw new Error(prepared.errors);
}
cpSync(TOMOGRAM, join(inputs, "TS_2.mrc"));
// As quick as picking can be: what is tried are the processes, and each spends a second or two on coming up.
const pick = {
  examples: [LIST],
  "examples-tomogram": TOMOGRAM,
  "closed-set": true,
  "voxel-size": 10,
  detector: "blob",
};
writeFileSync(join(inputs, "recipe.json"), JSON.stringify({ pick, segment: { crf: "off", surfaces: "none" } }));
const verbs = options.verbs.split(",");
const references = new Map();
for (const verb of verbs) references.set(verb, await uninterrupted(verb));

const random = createRandom(options.seed);
let [kills, tooLate, failures] = [0, 0, 0];
let slowest = { heededAfter: 0 };
while (kills < Number(options.count)) {
  const verb = verbs[kills % verbs.length];
  const kill = randomKill(verb, references.get(verb));
  const outcome = await killed(verb, kill, references.get(verb));
  if (!outcome) {
    tooLate++;
    continue;
  }
  kills++;
  const { problems, heededAfter, milliseconds, spent } = outcome;
  if (kill.signal !== "SIGKILL" && heededAfter > slowest.heededAfter) slowest = { verb, heededAfter };
  if (problems.length > 0) {
    failures++;
    cpSync(join(root, verb), join(root, `failed-${kills}`), { recursive: true });
    for (const name of leftovers(temporary)) rmSync(join(temporary, name), { recursive: true });
  }
  const where = kill.atChange === undefined ? "" : ` at change ${kill.atChange}`;
  const summary = problems.length > 0 ? `FAILED: ${problems.slice(0, 5).join("; ")}` : "the same";
  const took = `both runs took ${spent.toFixed(2)} of an uninterrupted one`;
  console.log(`${kills}: ${verb}, ${kill.signal} after ${seconds(milliseconds)}${where}: ${summary}; ${took}`);
}
console.log(
  `${kills} kills (${tooLate} more came too late), ${failures} failures; SIGTERM and SIGHUP were heeded within ${seconds(slowest.heededAfter)} (${slowest.verb})`,
);
process.exitCode = failures > 0 ? 1 : 0;
