/** A short run of the fuzzer (npm run fuzz) over the sources: the same inputs every time. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileKind } from "../src/files/disk/file-kind.js";
import * as graph from "../src/graph/index.js";
import * as io from "../src/io/index.js";
import { parseCsv } from "../src/io/text/csv.js";
import { gunzipIfNeeded } from "../src/io/text/gzip.js";
import { parseJson } from "../src/io/text/json.js";
import { parseXml } from "../src/io/text/xml.js";
import * as volume from "../src/volume/index.js";

const INPUTS_A_PARSER = 150;
/** A guard against steps that grow with the square of the length, not a bound on speed: a hundred times what is needed. */
const SLOWEST_MILLISECONDS = 5000;
const TOKEN_BYTES = 65_536;

interface Target {
  readonly name: string;
  readonly seeds: readonly (Uint8Array | Map<string, Uint8Array>)[];
  readonly parse: (content: Uint8Array | Map<string, Uint8Array>) => unknown;
}
interface Outcome {
  readonly inputs: number;
  readonly faults: readonly { readonly number: number; readonly target: string; readonly fault: string }[];
}

/** The fuzzer's own modules, which are plain JavaScript. */
const script = (name: string) => import(join(import.meta.dirname, "../scripts/fuzz", name));
const { allTargets } = await script("targets.mjs");
const { fuzz, tryInput } = await script("session.mjs");
const { TOKENS } = await script("mutate.mjs");
const { readTomogramSizes } = io;
const cosnet = { io, graph, volume, fileKind, parseCsv, gunzipIfNeeded, parseJson, parseXml, readTomogramSizes };
const targets: readonly Target[] = await allTargets(cosnet);

test.each(targets)("$name: broken files are refused with a tagged error or read as finite numbers", async (target) => {
  const isOver = (inputs: number) => inputs >= INPUTS_A_PARSER;
  const session = {
    targets: [target],
    seed: 11,
    createRandom: volume.createRandom,
    slowestMilliseconds: SLOWEST_MILLISECONDS,
  };
  const { inputs, faults }: Outcome = await fuzz(session, { isOver });
  expect(inputs).toBe(INPUTS_A_PARSER);
  expect(faults.map(({ number, fault }) => `input ${number}: ${fault}`)).toEqual([]);
});

test.each(targets)(
  "$name: 64 kB of one token are read or refused in steps that grow with the length",
  async (target) => {
    const [seed] = target.seeds;
    for (const token of TOKENS as readonly string[]) {
      const run = new TextEncoder().encode(token.repeat(TOKEN_BYTES / token.length));
      const inTheMiddle = (bytes: Uint8Array) =>
        Buffer.concat([bytes.subarray(0, bytes.length / 2), run, bytes.subarray(bytes.length / 2)]);
      const contents =
        seed instanceof Uint8Array
          ? [run, inTheMiddle(seed), Buffer.concat([seed, run])]
          : [...seed!].map(([name, bytes]) => new Map(seed).set(name, inTheMiddle(bytes)));
      for (const content of contents) {
        const { fault } = await tryInput({ target, content }, SLOWEST_MILLISECONDS);
        expect(fault && `${JSON.stringify(token)}: ${fault}`).toBeUndefined();
      }
    }
  },
);

test("the fuzzer finds what it looks for", async () => {
  const broken: Target = {
    name: "broken",
    seeds: [new TextEncoder().encode("1 2 3\n4 5 6\n")],
    parse: (content) => {
      const text = new TextDecoder().decode(content as Uint8Array);
      if (text.includes("constructor")) throw new TypeError("x is not a function");
      return { sum: text.split(/\s+/).reduce((sum, word) => sum + Number(word), 0) };
    },
  };
  const isOver = (inputs: number) => inputs >= 2000;
  const session = { targets: [broken], seed: 1, createRandom: volume.createRandom };
  const { faults }: Outcome = await fuzz(session, { isOver });
  const kinds = faults.map(({ fault }) => fault.split("\n")[0]);
  expect(kinds).toContain("untagged TypeError: x is not a function");
  expect(kinds).toContain("not a finite number: result.sum is Infinity");
});
