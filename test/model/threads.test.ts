/** Networks and comparisons over several threads, as the built program has them. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILD_MILLISECONDS, type BuiltProgram, buildProgram } from "../workbench/program.js";

/** Embeds 101 boxes, then again after being stopped; checksums. Nothing is released: the process has to end all the same. */
const SCRIPT = `
import { createHash } from "node:crypto";
const [models, threads, precision] = process.argv.slice(1);
const { loadModel } = await import(models);
const { embedder } = await loadModel(undefined, { threads: Number(threads), precision });
const volumes = Float32Array.from({ length: 101 * 32 ** 3 }, (_, i) => 1.4 * Math.sin(0.7 * i + 1e-9 * i * i));
const sumOf = ({ embeddings, masks, spectra }) =>
  [embeddings, masks, spectra].map((array) => createHash("sha256").update(array).digest("hex"));
const first = sumOf(await embedder.embed(volumes, { spectra: true }));
const controller = new AbortController();
const stopped = embedder.embed(volumes, { signal: controller.signal, onProgress: () => controller.abort() });
const error = await stopped.catch(({ name }) => name);
const again = sumOf(await embedder.embed(volumes, { spectra: true }));
console.log(JSON.stringify({ first, error, again }));
`;

/** Turns 430 boxes onto four each, then again after being stopped; checksums, and how far it was told to be. */
const TURNING = `
import { createHash } from "node:crypto";
const [dist, threads] = process.argv.slice(1);
const { turned } = await import(dist + "jobs/search/index.js");
const { SPECTRUM_LENGTH } = await import(dist + "infer/index.js");
const [count, neighbours] = [430, 4];
const spectra = Float32Array.from({ length: count * SPECTRUM_LENGTH }, (_, i) => Math.sin(0.7 * i + 1e-6 * i * i));
const indices = Int32Array.from({ length: count * neighbours }, (_, i) => (7 * i) % count);
const boxes = { spectra, others: spectra, indices };
const told = [];
const comparing = (options) => turned(60, { threads: Number(threads), ...options })(boxes);
const sumOf = (correlations) => createHash("sha256").update(correlations).digest("hex");
const first = sumOf(await comparing({ onProgress: ({ done, total }) => told.push(done / total) }));
const controller = new AbortController();
const stopped = comparing({ signal: controller.signal, onProgress: () => controller.abort() });
const error = await stopped.catch(({ name }) => name);
const again = sumOf(await comparing({}));
const isInOrder = told[0] === 0 && told.at(-1) === 1 && told.every((part, i) => i === 0 || part >= told[i - 1]);
console.log(JSON.stringify({ first, error, again, isInOrder }));
`;

let program: BuiltProgram;
beforeAll(() => {
  program = buildProgram();
}, BUILD_MILLISECONDS);
afterAll(() => program?.[Symbol.dispose]());

/** What a script prints that is given the address of a compiled file or folder. */
async function ran<T>(script: string, path: string, ...args: readonly (number | string)[]): Promise<T> {
  const compiled = pathToFileURL(join(dirname(program.main), "..", path)).href;
  const words = ["--input-type=module", "-e", script, compiled, ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout) as T;
}

const embedded = (threads: number, precision: string) =>
  ran<{ first: string[]; error: string; again: string[] }>(SCRIPT, "files/model/index.js", threads, precision);

test.each(["int8", "float32"])(
  "%s: embeddings, masks and spectra are the same bytes over any number of threads",
  async (precision) => {
    const one = await embedded(1, precision);
    expect(one).toEqual({ first: one.first, error: "AbortError", again: one.first });
    for (const threads of [2, 3]) expect(await embedded(threads, precision)).toEqual(one);
  },
);

test("comparisons of boxes turned onto each other are the same bytes over any number of threads", async () => {
  const turned = (threads: number) => ran<{ first: string }>(TURNING, "./", threads);
  const one = await turned(1);
  expect(one).toEqual({ first: one.first, error: "AbortError", again: one.first, isInOrder: true });
  for (const threads of [2, 3]) expect(await turned(threads)).toEqual(one);
});
