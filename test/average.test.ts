/** `average` from simulated boxes to maps, and from a run that was stopped to the same bytes. */
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { AbortError, ConfigError } from "../src/errors.js";
import { fourierShellCorrelation } from "../src/evaluate/index.js";
import { readParticleListFile } from "../src/files/particles/index.js";
import { readMrc } from "../src/io/index.js";
import { average } from "../src/jobs/average/index.js";
import { simulateParticles } from "../src/jobs/simulate-particles/index.js";
import { angleBetweenQuaternions, conjugateQuaternion, multiplyQuaternions } from "../src/volume/index.js";

const COUNT = 24;
let folder: string;
let particlesPath: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "average-"));
  const { starFile } = await simulateParticles({
    ...{ source: { procedural: 1 }, particlesPerClass: COUNT, snr: 2, crowded: false, seed: 3 },
    outputFolder: join(folder, "particles"),
  });
  particlesPath = starFile;
});
/** Coarse, so that it is quick; without symmetry, so that poses can be compared as they are. */
const options = (name: string) => ({
  ...{ particlesPath, outputFolder: join(folder, name), symmetry: "C1", maximumResolutionAngstrom: 40, threads: 2 },
});

it("finds how particles lie, and is stopped and goes on to the same bytes", async () => {
  const result = await average(options("whole"));
  const [{ used, resolutionAngstrom, mapPath }] = result.classes as [(typeof result.classes)[number]];
  expect(used).toBe(COUNT);
  expect(resolutionAngstrom).toBeLessThan(45);
  const stem = mapPath!.replace(/\.mrc$/, "");
  const read = async (path: string) => readMrc(await readFile(path)).volume;
  const map = await read(mapPath!);
  const half = await read(`${stem}_half1_class001_unfil.mrc`);
  expect(map.voxelSizeAngstrom).toBeCloseTo(10);
  expect(fourierShellCorrelation(map.data, half.data, map.shape[0]).byShell[4]).toBeGreaterThan(0.7);

  // Poses are those that were simulated, but for one rotation of the whole.
  const [{ list: truth }, { list: found }] = [
    await readParticleListFile(particlesPath, {}),
    await readParticleListFile(result.starPath, { tomogramWhereNeeded: true }),
  ];
  const frames = found.particles.map((particle) => {
    const own = truth.particles.find(({ tomogramName }) => particle.tomogramName?.endsWith(tomogramName!));
    return multiplyQuaternions(conjugateQuaternion(own!.orientation!), particle.orientation!);
  });
  const agreeing = frames.map((one) => frames.filter((other) => angleBetweenQuaternions(one, other) < 20).length);
  expect(agreeing.reduce((most, count) => Math.max(most, count))).toBeGreaterThan(COUNT / 3); // it may be symmetric
  expect(new Set(found.particles.map(({ extra }) => extra.rlnRandomSubset))).toEqual(new Set(["1", "2"]));

  // Stopped while reading, searching, refining (twice) and summing, it goes on from there.
  const refining = 6 * COUNT; // particles of all rounds
  const stops: readonly [stage: RegExp, done: number][] = [
    [/reading/, 7],
    [/half 2/, 2],
    [/refining/, 0.2 * refining],
    [/refining/, 0.9 * refining],
    [/adding up/, 3],
  ];
  let [earliest, stage] = [0, ""];
  const run = (signal?: AbortSignal, reached: (stage: string, done: number) => void = () => {}) => {
    stage = "";
    return average({
      ...{ ...options("resumed"), signal },
      onProgress(report) {
        if (stage === "" && /: /.test(report.stage)) [stage, earliest] = [report.stage, report.done];
        reached(report.stage, report.done);
      },
    });
  };
  for (const [at, from] of stops) {
    const stop = new AbortController();
    const stopped = run(stop.signal, (now, done) => at.test(now) && done >= from && stop.abort());
    await expect(stopped, String(at)).rejects.toThrow(AbortError);
    await expect(readdir(join(folder, "resumed"))).resolves.toEqual([".average-work"]);
  }
  const resumed = await run();
  expect(stage).toMatch(/adding up/);
  expect(earliest).toBe(0);
  for (const name of ["particles.star", ...(await readdir(join(folder, "whole/maps"))).map((map) => `maps/${map}`)]) {
    const bytes = (of: string) => readFile(join(folder, of, name));
    expect((await bytes("resumed")).equals(await bytes("whole")), name).toBe(true);
  }
  expect(resumed.warnings).toEqual(result.warnings);
  await expect(readdir(join(folder, "resumed"))).resolves.not.toContain(".average-work");
  await expect(average(options("whole"))).rejects.toThrow(ConfigError);
});

it("begins from the example that is given, and says which are of no class", async () => {
  const { classes } = await average({ ...options("example"), examples: ["5"] });
  expect(classes[0]!.resolutionAngstrom).toBeLessThan(45);
  const { classes: ofBox } = await average({
    ...options("box"),
    examples: [`${classes[0]!.name}=${classes[0]!.mapPath}`],
  });
  expect(ofBox[0]!.resolutionAngstrom).toBeLessThan(45);
  const refused = (examples: string[], message: RegExp, more = {}) =>
    expect(average({ ...options("refused"), ...more, examples })).rejects.toThrow(message);
  await refused(["99"], /no particle 99/);
  await refused([`ribosome=${classes[0]!.mapPath}`], /the examples are of ribosome/);
  await refused(["nowhere.star"], /no such file of examples/);
  await refused(["5"], /split class/, { references: 2 });
});

it("names the classes that there are where one is asked for that is not", async () => {
  await expect(average({ ...options("none"), classNames: ["ribosome"] })).rejects.toThrow(/no class ribosome/);
});

it("leaves out a class of too few particles and says so", async () => {
  const warnings: string[] = [];
  const result = await average({
    ...options("few"),
    ...{ references: 3, onWarning: (warning: string) => warnings.push(warning) },
  });
  expect(result.classes).toMatchObject([{ used: 0, mapPath: undefined }]);
  expect(warnings.join("\n")).toMatch(/24 particles are too few/);
});
