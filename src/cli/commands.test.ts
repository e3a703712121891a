import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureTerminal } from "../../test/capture-terminal.js";
import { benchmarkDefaults } from "../jobs/benchmark/index.js";
import { demoDefaults } from "../jobs/demo/index.js";
import { trainDefaults } from "../jobs/train/index.js";
import { DEFAULT_SEED } from "../progress.js";
import { runCommandLine } from "./command-line.js";

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-cli-test-"));
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 4), }".padEnd(117);
  const values = Float32Array.from({ length: 24 }, (_, i) => i);
  await writeFile(
    inFolder("ramp.npy"),
    Buffer.concat([
      Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
      Buffer.from(`${header}\n`),
      Buffer.from(values.buffer),
    ]),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const terminal = captureTerminal();
  const code = await runCommandLine(args, terminal);
  return { code, out: terminal.outText(), err: terminal.errText() };
}

test("every default seed is the one that help states", () => {
  for (const { seed } of [trainDefaults, demoDefaults, benchmarkDefaults]) expect(seed).toBe(DEFAULT_SEED);
});

describe("info and convert", () => {
  test("a NumPy array becomes an MRC volume with a voxel size, and info tells so", async () => {
    const converted = await run(
      "convert",
      inFolder("ramp.npy"),
      inFolder("ramp.mrc"),
      "--voxel-size",
      "10",
      "--invert",
      "--json",
    );
    expect(converted).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(converted.out)).toMatchObject({ command: "convert", from: "npy", to: "mrc" });
    const { code, out } = await run("info", inFolder("ramp.mrc"));
    expect(code).toBe(0);
    expect(out).toContain("voxel size (Å)  10");
    expect(out).toContain("values          -23 to 0, mean -11.5, standard deviation 6.92219, 0 NaN");
  });
  test("several files: one that fails does not hide the others", async () => {
    const { code, out, err } = await run("info", inFolder("none.mrc"), inFolder("ramp.npy"), "--json");
    expect(code).toBe(1);
    expect(err).toBe(`cosnet: ${inFolder("none.mrc")}: cannot be read: there is no such file or folder\n`);
    const { files, failures } = JSON.parse(out);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({ kind: "npy", fields: { shape: "2 x 3 x 4" }, statistics: { maximum: 23 } });
    expect(failures).toHaveLength(1);
  });
  test("a mode that cannot hold the values leaves no file behind", async () => {
    const { code, err } = await run("convert", inFolder("ramp.npy"), inFolder("ramp6.mrc"), "--mode", "6", "--invert");
    expect(code).toBe(2);
    expect(err).toMatch(/^cosnet: .*\n/);
    expect((await readdir(folder)).filter((name) => name.includes("ramp6"))).toEqual([]);
  });
});

describe("simulate", () => {
  test("writes particles and refuses to replace them unasked", async () => {
    const args = [
      "simulate",
      "--procedural",
      "2",
      "--particles",
      "2",
      "--output",
      inFolder("simulated"),
      "--seed",
      "3",
    ];
    const first = await run(...args, "--json");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ command: "simulate", seed: 3, particleCount: 4 });
    const star = await readFile(inFolder("simulated/particles.star"), "utf8");
    const again = await run(...args);
    expect(again).toMatchObject({ code: 2, out: "" });
    expect((await run(...args, "--overwrite")).code).toBe(0);
    expect(await readFile(inFolder("simulated/particles.star"), "utf8")).toBe(star);
  });
  test("needs one source", async () => {
    expect(await run("simulate", "--output", inFolder("none"))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^cosnet: give either --structures or --procedural\n/),
    });
    expect(existsSync(inFolder("none"))).toBe(false);
  });
});

describe("commands that need a model", () => {
  test("say plainly that a file is none", async () => {
    for (const args of [
      ["demo", "--output", inFolder("demo"), "--model", inFolder("ramp.npy")],
      ["demo", "--output", inFolder("demo"), "--model", inFolder("none.onnx")],
    ]) {
      const { code, err } = await run(...args, "--quiet");
      expect(code).toBe(1);
      expect(err).toMatch(/^cosnet: .+\n( {2}.+\n)?$/);
      expect(err).not.toContain("bug");
    }
  });
  test("a folder without structures is refused before anything else", async () => {
    await mkdir(inFolder("empty"));
    const { code, err } = await run("benchmark", "--structures", inFolder("empty"), "--quiet");
    expect(code).toBe(2);
    expect(err).toContain("no structure or map found");
  });
});
