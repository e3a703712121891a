import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../errors.js";
import { readParticleListFile } from "../../files/particles/index.js";
import { writeMrc } from "../../io/index.js";
import { createRandom, createVolume, type Shape3 } from "../../volume/index.js";
import { pick } from "./pick.js";

let folder: string;
const at = (name: string) => join(folder, name);
const SHAPE: Shape3 = [40, 64, 64];

async function writeTomogram(name: string, shape: Shape3, value: (index: number) => number): Promise<void> {
  const volume = createVolume(shape, 10);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] = value(i);
  await writeFile(at(name), writeMrc(volume));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-zeros-"));
  const random = createRandom("silent zeros");
  const noise = () => random.normal();
  await writeTomogram("noise.mrc", SHAPE, noise);
  await writeTomogram("padded.mrc", SHAPE, (i) => (i % 64 < 40 ? noise() : 0));
  await writeTomogram("constant.mrc", SHAPE, () => 3);
  await writeTomogram("section.mrc", [1, 64, 64], noise);
  await writeTomogram("tiny.mrc", [10, 10, 10], noise);
  await writeTomogram("nothing.mrc", SHAPE, () => 0);
  await writeTomogram("signed-bytes.mrc", SHAPE, (i) => (i % 2 === 0 ? -128 : -127));
  await writeFile(at("examples.csv"), "class,x_angstrom,y_angstrom,z_angstrom\na,200,200,200\n");
  await writeFile(at("twice.csv"), "class,x_angstrom,y_angstrom,z_angstrom\na,200,200,200\nb,200,200,200\n");
  await writeFile(at("padding.csv"), "class,x_angstrom,y_angstrom,z_angstrom\na,520,200,200\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (tomogram: string, examples: string, more: object = {}) =>
  pick({
    tomogramPaths: [at(tomogram)],
    examples: [at(examples)],
    examplesTomogramPath: at("noise.mrc"),
    outputFolder: at(`out-${tomogram}-${examples}`),
    detector: "blob",
    threads: 2,
    inverted: false,
    ...more,
  });

test.each([
  ["constant.mrc", /same value/],
  ["section.mrc", /narrower than one particle/],
  ["tiny.mrc", /narrower than one particle/],
])("%s is refused: nothing can come out", async (name, message) => {
  const refused = run(name, "examples.csv", { examples: [`a=${at("examples.csv")}`] });
  await expect(refused).rejects.toThrow(FormatError);
  await expect(refused).rejects.toThrow(message);
});

test.each(["nothing.mrc", "signed-bytes.mrc"])("a mask that admits nothing is refused: %s", async (mask) => {
  const refused = run("noise.mrc", "examples.csv", { maskPath: at(mask) });
  await expect(refused).rejects.toThrow(ConfigError);
  await expect(refused).rejects.toThrow(/admits nothing/);
});

test("examples on padding, or of two classes in one place, are refused", async () => {
  const padding = run("padded.mrc", "padding.csv", { examplesTomogramPath: at("padded.mrc") });
  await expect(padding).rejects.toThrow(/padding.csv, particle 1/);
  await expect(run("noise.mrc", "twice.csv")).rejects.toThrow(/given to two classes/);
});

test("a run without candidates warns once, on the terminal and in the report, and its lists are read again", async () => {
  const warnings: string[] = [];
  const result = await run("noise.mrc", "examples.csv", {
    detectionThreshold: 0.999,
    onWarning: (warning: string) => warnings.push(warning),
  });
  expect(result.picks).toBe(0);
  expect(result.warnings).toEqual(warnings);
  expect(warnings.filter((warning) => warning.includes("nothing in it looks like a particle"))).toHaveLength(1);
  const report = await readFile(result.reportPath, "utf8");
  expect(report).toContain("nothing in it looks like a particle");
  expect(report).not.toMatch(/NaN|Infinity|undefined/);
  for (const path of [result.picksPath, result.candidatesPath, result.csvPath])
    expect((await readParticleListFile(path)).list.particles).toEqual([]);
  expect(await readdir(join(result.reportPath, ".."))).not.toContain(".pick-work");
});
