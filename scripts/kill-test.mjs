// Kills cosnet at random moments, runs it again, and compares the end with that of an uninterrupted run, byte for byte:
// npm run kill-test -- [--count 100] [--seed 1] [--verbs convert,classify] [--output kill-test]
// What holds times is masked: wherever two uninterrupted runs differ. Reports how soon SIGTERM and SIGHUP were heeded. Exits
// with 1 when a result differs or anything is left over.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../dist/volume/index.js";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    verbs: { type: "string", default: "convert,classify,segment,pick,simulate,train" },
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
  pick: `pick ${TOMOGRAM} --examples ${LIST} --output out`,
  simulate: `${SIMULATE} --output out`,
  train: "train --steps 4 --channels 2 --validate-steps 4 --seed 1 --output out",
};

/** Runs cosnet, and ends it with a signal after some time unless it has ended by then. */
function run(command, folder, { signal, afterMilliseconds } = {}) {
  const child = spawn(process.execPath, [CLI, ...command.split(" "), "--quiet"], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const start = performance.now();
  let [errors, sentAt] = ["", undefined];
  child.stderr.on("data", (data) => (errors += data));
  const timer =
    signal &&
    setTimeout(() => {
      sentAt = performance.now();
      child.kill(signal);
    }, afterMilliseconds);
  return new Promise((done) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      const end = performance.now();
      done({ code, errors, milliseconds: end - start, heededAfter: sentAt && end - sentAt });
    });
  });
}

/** What cosnet left among the temporary files; libraries may keep files of their own there. */
const leftovers = () => readdirSync(temporary).filter((name) => name.startsWith(".cosnet"));

/** What reports say of how long it took depends on the moment. */
const TIME_TAKEN = /(<th>Time taken<\/th><td>)[^<]*/g;
const withoutTimes = (bytes) => Buffer.from(bytes.toString("latin1").replace(TIME_TAKEN, "$1"), "latin1");

/** Every file of a folder, hidden ones too, with its bytes. */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(names.sort().map((name) => [name, withoutTimes(readFileSync(join(folder, name)))]));
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

async function uninterrupted(verb) {
  const folder = join(root, verb);
  const results = [];
  let milliseconds = 0;
  for (let i = 0; i < 2; i++) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { code, errors, milliseconds: took } = await run(VERBS[verb], folder);
    if (code !== 0) throw new Error(`${verb} failed: ${errors}`);
    results.push(filesOf(folder));
    milliseconds = took;
  }
  console.log(`${verb}: ${results[0].size} files in ${(milliseconds / 1000).toFixed(1)} s`);
  return { results, milliseconds };
}

const prepared = await run(`${SIMULATE} --output inputs`, root);
if (prepared.code !== 0) throw new Error(prepared.errors);
const verbs = options.verbs.split(",");
const references = new Map();
for (const verb of verbs) references.set(verb, await uninterrupted(verb));

const random = createRandom(options.seed);
const heeded = [];
let [failures, ended] = [0, 0];
for (let kill = 0; kill < Number(options.count); kill++) {
  const verb = verbs[kill % verbs.length];
  const signal = random.pick(SIGNALS);
  const { results, milliseconds } = references.get(verb);
  const folder = join(root, verb);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const afterMilliseconds = random.uniform(0, milliseconds);
  const stopped = await run(VERBS[verb], folder, { signal, afterMilliseconds });
  if (stopped.heededAfter === undefined || stopped.code === 0) ended++;
  else if (signal !== "SIGKILL") heeded.push({ verb, signal, milliseconds: stopped.heededAfter });
  const problems = [];
  if (stopped.code !== 0 && signal !== "SIGKILL" && leftovers().length > 0)
    problems.push("temporary files after a tidy end");
  if (stopped.code !== 0) {
    const again = await run(VERBS[verb], folder);
    if (again.code !== 0) problems.push(`does not run again: ${again.errors}`);
  }
  problems.push(...differences(filesOf(folder), ...results), ...leftovers().map((name) => `${name} is left over`));
  if (problems.length > 0) {
    failures++;
    const kept = join(root, `failed-${kill}`);
    if (existsSync(folder)) cpSync(folder, kept, { recursive: true });
    for (const name of leftovers()) rmSync(join(temporary, name), { recursive: true });
  }
  const summary = problems.length > 0 ? `FAILED: ${problems.slice(0, 5).join("; ")}` : "the same";
  console.log(`${kill + 1}: ${verb}, ${signal} after ${(afterMilliseconds / 1000).toFixed(2)} s: ${summary}`);
}
heeded.sort((a, b) => b.milliseconds - a.milliseconds);
const [slowest] = heeded;
const latency = slowest
  ? `; SIGTERM and SIGHUP were heeded within ${(slowest.milliseconds / 1000).toFixed(2)} s (${slowest.verb})`
  : "";
console.log(`${options.count} kills, ${ended} of them too late, ${failures} failures${latency}`);
process.exitCode = failures > 0 ? 1 : 0;
