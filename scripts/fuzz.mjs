// Breaks files in every way and gives them to every parser:
// npm run fuzz -- [--minutes 10] [--seed 1] [--threads 2] [--only PARSER] [--output fuzz-faults] [--input NUMBER]
// A fault is an exception without a tag, a number that is none in a result, an input that takes seconds, or memory that grows.
// Each is written to the output folder, with the seed and number that make it again. Exits with 1 when there are any.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

/** An input that is tried for so long will not end. */
const HANG_MILLISECONDS = 60_000;
const WORKER_MEGABYTES = 1024;
/** More than the parsers' own working memory, on top of what is taken after the first minute. */
const GROWTH_MEGABYTES = 500;

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    output: { type: "string", default: "fuzz-faults" },
    input: { type: "string" },
  },
});
const threads = options.input === undefined ? Number(options.threads) : 1;
const startedAt = Date.now();
const endsAt = options.input === undefined ? startedAt + Number(options.minutes) * 60_000 : startedAt;
const outcomes = await Promise.all(Array.from({ length: threads }, (_, thread) => runThread(thread)));
const faults = outcomes.flatMap((outcome) => outcome.faults);
const inputs = outcomes.reduce((sum, outcome) => sum + outcome.inputs, 0);
const slowest = outcomes.map((outcome) => outcome.slowest).reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a));
for (const fault of faults) report(fault);
console.log(
  `${inputs} inputs tried, ${faults.length} faults; the slowest input took ${slowest.milliseconds.toFixed(0)} ms (${slowest.target}, input ${slowest.number})`,
);
process.exitCode = faults.length > 0 ? 1 : 0;

/** A thread until the time is over, started again after each input that it does not survive. */
async function runThread(thread) {
  let first = options.input === undefined ? thread : Number(options.input);
  const sum = { inputs: 0, faults: [], slowest: { milliseconds: 0, number: 0, target: "" } };
  for (;;) {
    const outcome = await runWorker(first);
    sum.inputs += outcome.inputs;
    sum.faults.push(...outcome.faults);
    if (outcome.slowest && outcome.slowest.milliseconds > sum.slowest.milliseconds) sum.slowest = outcome.slowest;
    if (!outcome.died || Date.now() > endsAt) return sum;
    first = outcome.number + threads;
  }
}

function runWorker(first) {
  const shared = new SharedArrayBuffer(16);
  const progress = new Float64Array(shared).fill(-1);
  const worker = new Worker(new URL("./fuzz/worker.mjs", import.meta.url), {
    workerData: { seed: options.seed, first, step: threads, endsAt, shared, only: options.only },
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MEGABYTES },
  });
  return new Promise((resolve, reject) => {
    let [last, since, settled] = [-1, Date.now(), 0];
    const finish = (outcome) => {
      clearInterval(watch);
      resolve(outcome);
    };
    const died = (reason) => {
      const [number, inputs] = progress;
      finish({ inputs, died: true, number, faults: [{ number, target: "(a thread ended)", fault: reason }] });
    };
    const watch = setInterval(() => {
      const [number, inputs] = progress;
      if (number !== last) [last, since] = [number, Date.now()];
      const megabytes = process.memoryUsage.rss() / 1e6;
      if (first === 0) console.error(`${inputs} inputs in the first thread, ${Math.round(megabytes)} MB`);
      if (Date.now() - startedAt > 60_000) settled ||= megabytes;
      if (Date.now() - since > HANG_MILLISECONDS) worker.terminate().then(() => died("does not end"));
      else if (settled && megabytes > settled + GROWTH_MEGABYTES) {
        settled = megabytes;
        worker.terminate().then(() => died(`memory grows: ${Math.round(megabytes)} MB`));
      }
    }, 10_000);
    worker.once("message", finish);
    worker.once("error", (error) => (progress[0] < 0 ? reject(error) : died(String(error.stack ?? error))));
  });
}

function report({ number, target, fault, content }) {
  console.log(`\n${target}, input ${number}:\n${fault.slice(0, 1500)}`);
  mkdirSync(options.output, { recursive: true });
  const name = `${options.seed}-${number}`;
  writeFileSync(
    join(options.output, `${name}.txt`),
    `npm run fuzz -- --seed ${options.seed} --input ${number}\n${target}\n${fault}\n`,
  );
  if (content instanceof Uint8Array) writeFileSync(join(options.output, `${name}.input`), content);
}
