// What the scripts that kill cosnet at random moments share: running it with a kill to come, and comparing what it leaves.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, watch } from "node:fs";
import { join, resolve } from "node:path";

const CLI = resolve(import.meta.dirname, "../dist/program/cosnet.js");
export const SIGNALS = ["SIGKILL", "SIGTERM", "SIGHUP"];

/**
 * Runs cosnet in a folder, with temporary files in another. A kill ends it with a signal, some milliseconds after its start or at one
 * of the changes in its folder, unless it has ended by then.
 */
export async function run(command, folder, temporary, { signal, afterMilliseconds, atChange, ofUnit } = {}) {
  const { child, ended } = start(command, folder, temporary);
  let [changes, sentAt] = [0, undefined];
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
  const end = await ended;
  clearTimeout(timer);
  watcher.close();
  return { ...end, changes, heededAfter: sentAt && performance.now() - sentAt };
}

/** Starts cosnet in a folder; `ended` gives its exit code, what it wrote of errors, and how long it took. */
export function start(command, folder, temporary) {
  const child = spawn(process.execPath, [CLI, ...command.split(" "), "--quiet"], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const begun = performance.now();
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const ended = new Promise((done) =>
    child.on("close", (code) => done({ code, errors, milliseconds: performance.now() - begun })),
  );
  return { child, ended };
}

/** The process of a unit of a batch that is being worked on. */
export function runningUnit(folder) {
  try {
    const units = readdirSync(join(folder, "out/units")).filter((name) => name.endsWith(".json"));
    const states = units.map((name) => JSON.parse(readFileSync(join(folder, "out/units", name), "utf8")));
    return states.find(({ status }) => status === "running")?.process.pid;
  } catch {
    return undefined;
  }
}

/** The states of a batch's units that are done, by their files' names. */
export function doneUnits(folder) {
  const units = join(folder, "out/units");
  const names = existsSync(units) ? readdirSync(units).filter((name) => name.endsWith(".json")) : [];
  const states = names.map((name) => [name, readFileSync(join(units, name), "utf8")]);
  return new Map(states.filter(([, state]) => JSON.parse(state).status === "done"));
}

/** Units that were done and have been done again, but for those whose result follows from more than before. */
export function doneAgain(before, after) {
  const keyOf = (state) => state && JSON.parse(state).key;
  const again = [...before].filter(
    ([name, state]) => state !== after.get(name) && keyOf(state) === keyOf(after.get(name)),
  );
  return again.map(([name]) => `${name} was done, and has been done again`);
}

/** What cosnet left in a folder of temporary files; libraries may keep files of their own there. */
export const leftovers = (temporary) => readdirSync(temporary).filter((name) => name.startsWith(".cosnet"));

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
export function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true }).filter(
    (name) => statSync(join(folder, name)).isFile() && !OF_PROCESSES.test(name),
  );
  return new Map(names.sort().map((name) => [name, withoutTimes(readFileSync(join(folder, name)), name)]));
}

/** The numbers and the text between them: what two runs of the same job differ in are times. */
const parts = (bytes) => bytes.toString("latin1").split(/(\d+(?:\.\d+)?)/);

/** What is wrong with a result, given two of uninterrupted runs. */
export function differences(found, first, second) {
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

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
