/** Networks over several threads, as the built program has them. */
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

let program: BuiltProgram;
beforeAll(() => {
  program = buildProgram();
}, BUILD_MILLISECONDS);
afterAll(() => program?.[Symbol.dispose]());

async function embedded(threads: number, precision: string) {
  const models = pathToFileURL(join(dirname(program.main), "../files/model/index.js")).href;
  const args = ["--input-type=module", "-e", SCRIPT, models, String(threads), precision];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { first: string[]; error: string; again: string[] };
}

test.each(["int8", "float32"])(
  "%s: embeddings, masks and spectra are the same bytes over any number of threads",
  async (precision) => {
    const one = await embedded(1, precision);
    expect(one).toEqual({ first: one.first, error: "AbortError", again: one.first });
    for (const threads of [2, 3]) expect(await embedded(threads, precision)).toEqual(one);
  },
);
