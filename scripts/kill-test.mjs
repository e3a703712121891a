// Kills cosnet at random moments, runs it again, and compares the end with that of an uninterrupted run, byte for byte:
// npm run kill-test -- [--count 100] [--seed 1] [--verbs convert,classify] [--output kill-test]
// Half of the kills come at a random moment of the whole run, half at a random one of the changes that a run makes in its folder:
// those fall into the middle of writing. Of batch, half of the kills hit a unit's process in place of the one that started it, and no
// unit that was done may be done again. Text that holds times is masked, and so is wherever two uninterrupted runs differ. Reports how
// soon SIGTERM and SIGHUP were heeded. Exits with 1 when a result differs or anything is left over.
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../dist/volume/index.js";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    verbs: { type: "string", default: "convert,classify,segment,pick,simulate,train,batch" },
    output: { type: "string", default: "kill-test" },
  },
});
const CLI = resolve(import.meta.dirname, "../dist/cli/main.js");
const SIGNALS = ["SIGKILL", "SIGTERM", "SIGHUP"];
const root = resolve(options.output);
const [inputs, temporary] = [join(root, "inputs"), join(root, "tmp")];
rmSync(root, { recursive: true, force: true });
mkdirSync(temporary, { recursive: true });

const SIMULATE =
  "simulate tomogram --procedural 2 --size 64,64,48 --particles 6 --snr 0.5 --step 10 --box 32 --edges fill --seed 1";
const TOMOGRAM = join(inputs, "snr-0.5/tomogram.mrc");
const LIST = join(inputs, "snr-0.5/particles.star");
/** Small jobs of each verb; each writes into the folder `out` alone. */
const VERBS = {
  convert: `convert ${TOMOGRAM} out/tomogram.zarr`,
  classify: `classify --examples ${LIST} --particles ${LIST} --tomogram ${TOMOGRAM} --output out`,
  segment: `segment ${TOMOGRAM} --picks ${LIST} --output out`,
  pick: `pick ${TOMOGRAM} --examples ${LIST} --closed-set --output out`,
  simulate: `${SIMULATE} --output out`,
  batch: `batch run ${TOMOGRAM} ${join(inputs, "TS_2.mrc")} --recipe ${join(inputs, "recipe.json")} --output out`,
  train: "train --steps 4 --channels 2 --validate-steps 2 --seed 1 --output out",
};

/**
 * Runs cosnet. A kill ends it with a signal, some milliseconds after its start or at one of the changes in its folder, unless it has
 * ended by then.
 */
async function run(command, folder, { signal, afterMilliseconds, atChange, ofUnit } = {}) {
  const child = spawn(process.execPath, [CLI, ...command.split(" "), "--quiet"], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const start = performance.now();
  let [errors, changes, sentAt] = ["", 0, undefined];
  child.stderr.on("data", (data) => (errors += data));
  const kill = () => {
    const unit = ofUnit ? runningUnit(folder) : undefined; // the process 0 would be this one, and all of its group
    if (ofUnit && unit === undefined) return; // none is at work: this one ends by itself
    sentAt ??= performance.now();
    if (unit === undefined) child.kill(signal);
    else
      try {
        process.kill(unit, signal);
      } catch {} // it has ended since
  };
  const timer = afterMilliseconds !== undefined && setTimeout(kill, afterMilliseconds);
  const watcher = watch(folder, { recursive: true }, () => {
    if (++changes === atChange) kill();
  });
  watcher.on("error", () => {}); // a folder may vanish before it can be watched
  const code = await new Promise((done) => child.on("close", done));
  const end = performance.now();
  clearTimeout(timer);
  watcher.close();
  return { code, errors, changes, milliseconds: end - start, heededAfter: sentAt && end - sentAt };
}

/** The process of a unit of a batch that is being worked on. */
function runningUnit(folder) {
  try {
    const units = readdirSync(join(folder, "out/units")).filter((name) => name.endsWith(".json"));
    const states = units.map((name) => JSON.parse(readFileSync(join(folder, "out/units", name), "utf8")));
    return states.find(({ status }) => status === "running")?.process.pid;
  } catch {
    return undefined;
  }
}

/** The states of a batch's units that are done, by their files' names. */
function doneUnits(folder) {
  const units = join(folder, "out/units");
  const names = existsSync(units) ? readdirSync(units).filter((name) => name.endsWith(".json")) : [];
  const states = names.map((name) => [name, readFileSync(join(units, name), "utf8")]);
  return new Map(states.filter(([, state]) => JSON.parse(state).status === "done"));
}

/** Units that were done and have been done again, but for those whose result follows from more than before. */
function doneAgain(before, after) {
  const keyOf = (state) => state && JSON.parse(state).key;
  const again = [...before].filter(
    ([name, state]) => state !== after.get(name) && keyOf(state) === keyOf(after.get(name)),
  );
  return again.map(([name]) => `${name} was done, and has been done again`);
}

/** What cosnet left among the temporary files; libraries may keep files of their own there. */
const leftovers = () => readdirSync(temporary).filter((name) => name.startsWith(".cosnet"));

/** What reports, logs and checkpoints say of how long it took depends on the moment. */
const TIMES = [
  /(<td class="number">)[^<]* (?:s|min)(?=<)/g,
  /(<th>Time taken<\/th><td>)[^<]*/g,
  /(\bcandidates? in )\d+ s/g,
  /(\bseconds\\?":)\\?"?[\d.e-]+\\?"?/g,
];
function withoutTimes(bytes, name) {
  let text = bytes.toString("latin1");
  // The length of the header, and the blanks that fill it up, depend on how many digits a time has.
  if (name.endsWith(".safetensors")) {
    const length = Number(bytes.readBigUInt64LE());
    text = text.slice(8, 8 + length).trimEnd() + text.slice(8 + length);
  }
  for (const time of TIMES) text = text.replace(time, "$1");
  return Buffer.from(text, "latin1");
}

/** Of a batch, what is about the processes that worked on it. */
const OF_PROCESSES = /^out\/(units|logs)\/|^out\/plan\.json$|\.state$/;

/** Every file of a folder, hidden ones too, with its bytes. */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true }).filter(
    (name) => statSync(join(folder, name)).isFile() && !OF_PROCESSES.test(name),
  );
  return new Map(names.sort().map((name) => [name, withoutTimes(readFileSync(join(folder, name)), name)]));
}

/** The numbers and the text between them: what two runs of the same job differ in are times. */
const parts = (bytes) => bytes.toString("latin1").split(/(\d+(?:\.\d+)?)/);

/** What is wrong with a result, given two of uninterrupted runs. */
function differences(found, first, second) {
  const names = new Set([...found.keys(), ...first.keys()]);
  return [...names].flatMap((name) => {
    if (!first.has(name)) return [`${name} is left over`];
    if (!found.has(name)) return [`${name} is missing`];
    const [content, expected, other] = [found, first, second].map((files) => files.get(name));
    if (content.equals(expected)) return [];
    if (expected.equals(other)) return [`${name} differs`];
    const [a, b, c] = [content, expected, other].map(parts);
    const isTime = (i) =>
      b[i] !== c[i] || /second|minute|hour|megabyte|stage|took|Took/.test(b.slice(Math.max(0, i - 4), i + 4).join(""));
    return a.length === b.length && a.every((part, i) => part === b[i] || isTime(i))
      ? []
      : [`${name} differs in more than times`];
  });
}

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
    last = await run(VERBS[verb], folder);
    if (last.code !== 0) throw new Error(`${verb} failed: ${last.errors}`);
    results.push(filesOf(folder));
  }
  const { milliseconds, changes } = last;
  console.log(`${verb}: ${results[0].size} files in ${seconds(milliseconds)}, ${changes} changes seen`);
  return { results, milliseconds, changes };
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

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
  const stopped = await run(VERBS[verb], folder, kill);
  if (stopped.code === 0) return undefined;
  const done = doneUnits(folder);
  const problems = [];
  if (stopped.heededAfter === undefined) problems.push(`failed by itself: ${stopped.errors}`);
  if (kill.signal !== "SIGKILL" && leftovers().length > 0) problems.push("temporary files after a tidy end");
  const again = await run(VERBS[verb], folder);
  // A result that was whole already is not to be replaced, and then has to be the right one.
  if (again.code !== 0 && !again.errors.includes("is there already"))
    problems.push(`does not run again: ${again.errors}`);
  problems.push(...doneAgain(done, doneUnits(folder)));
  problems.push(...differences(filesOf(folder), ...results), ...leftovers().map((name) => `${name} is left over`));
  const spent = (stopped.milliseconds + again.milliseconds) / milliseconds;
  return { problems, heededAfter: stopped.heededAfter, milliseconds: stopped.milliseconds, spent };
}

const prepared = await run(`${SIMULATE} --output inputs`, root);
if (prepared.code !== 0) throw new Error(prepared.errors);
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
    for (const name of leftovers()) rmSync(join(temporary, name), { recursive: true });
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
