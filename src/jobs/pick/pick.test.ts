import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbortError, ConfigError } from "../../errors.js";
import { readParticles, readTomogramSizes, writeMrc, writeParticles } from "../../io/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { createRandom, createVolume, type Vector3 } from "../../volume/index.js";
import { pick } from "./pick.js";

const VOXEL = 10;
const NAMES = ["small", "large"];
let folder: string;
let truth: { readonly position: Vector3; readonly className: string }[];

/** Two classes of noise-free particles on a loose grid, and noise. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-pick-"));
  const [nz, ny, nx] = [64, 104, 104];
  const random = createRandom("pick test");
  const volume = createVolume([nz, ny, nx], VOXEL);
  volume.data.forEach((_, i) => {
    volume.data[i] = 0.25 * random.normal();
  });
  const renderer = createRenderer({ shiftVoxels: 0, contrastTransfer: false });
  const complexes = [3, 8].map((seed) => proceduralComplex(createRandom(seed)));
  truth = [];
  for (let i = 0; i < 8; i++) {
    const [z, y, x] = [16 + 32 * (i >> 2), 28 + 48 * ((i >> 1) & 1), 28 + 48 * (i & 1)] as const;
    const label = (i + (i >> 1) + (i >> 2)) % 2;
    const particle = renderer.render(complexes[label]!, { random: random.fork(i), snr: Number.POSITIVE_INFINITY });
    for (let v = 0; v < 32 ** 3; v++) {
      const [dz, dy, dx] = [(v >> 10) - 16, ((v >> 5) & 31) - 16, (v & 31) - 16];
      volume.data[((z + dz) * ny + y + dy) * nx + x + dx]! += particle.volume[v]!;
    }
    truth.push({ position: { x: x * VOXEL, y: y * VOXEL, z: z * VOXEL }, className: NAMES[label]! });
  }
  await writeFile(join(folder, "bright.mrc"), writeMrc(volume));
  const dark = createVolume(
    volume.shape,
    VOXEL,
    volume.data.map((value) => 1000 - 20 * value),
  );
  await writeFile(join(folder, "dark.mrc"), writeMrc(dark));
  const supports = NAMES.flatMap((name) => truth.filter(({ className }) => className === name).slice(0, 2));
  const list = {
    particles: supports.map(({ position, className }) => ({
      positionAngstrom: position,
      className,
      tomogramName: "bright",
      extra: {},
    })),
    origin: "first-voxel" as const,
    voxelSizeAngstrom: VOXEL,
    coordinatePixelSizeAngstrom: VOXEL,
    warnings: [],
  };
  await writeFile(join(folder, "examples.star"), writeParticles(list, { format: "relion3.1" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = () => ({
  examples: [join(folder, "examples.star")],
  detector: "blob",
  threads: 2,
  closedSet: true,
});

test("finds the particles and their classes, in bright and in dark tomograms alike", async () => {
  const outputFolder = join(folder, "both");
  const result = await pick({
    ...options(),
    tomogramPaths: [join(folder, "bright.mrc"), join(folder, "dark.mrc")],
    examplesTomogramPath: join(folder, "bright.mrc"),
    outputFolder,
  });
  expect(result.tomograms.map(({ contrast }) => contrast.split(" ")[0])).toEqual(["bright", "dark"]);
  const sizes = readTomogramSizes(await readFile(join(outputFolder, "tomograms.star"), "utf8"));
  const { particles } = readParticles(await readFile(result.picksPath, "utf8"), { tomogramSizesAngstrom: sizes });
  for (const name of ["bright", "dark"]) {
    const own = particles.filter(({ tomogramName }) => tomogramName === name);
    // Differences of Gaussians find lobes of large particles, too: what counts is the best pick on each particle.
    const best = truth.map(({ position: p }) =>
      own.find(({ positionAngstrom: at }) => Math.hypot(at!.x - p.x, at!.y - p.y, at!.z - p.z) < 60),
    );
    expect(best.filter((particle) => particle !== undefined).length).toBeGreaterThanOrEqual(7);
    const right = best.filter((particle, i) => particle?.className === truth[i]!.className);
    expect(right.length).toBeGreaterThanOrEqual(6);
  }
  const [bright, dark] = ["bright", "dark"].map(
    (name) => particles.filter(({ tomogramName }) => tomogramName === name).length,
  );
  expect(dark).toBe(bright);
  expect((await readdir(outputFolder)).sort()).toEqual([
    "candidates.star",
    "optimisation_set.star",
    "picks.csv",
    "picks.json",
    "picks.star",
    "report.html",
    "tomograms.star",
  ]);
  const report = await readFile(result.reportPath, "utf8");
  expect(report).toContain("Where they are");
  expect(report).not.toMatch(/src="(?!data:)/);
  const again = pick({ ...options(), tomogramPaths: [join(folder, "bright.mrc")], outputFolder });
  await expect(again).rejects.toThrow(ConfigError);
});

test("with an open set other candidates are of none; a run with other examples simulates no complexes again", async () => {
  const outputFolder = join(folder, "open");
  const simulated: number[] = [];
  const open = (examples: readonly string[]) =>
    pick({
      ...{ ...options(), examples, closedSet: false, tomogramPaths: [join(folder, "bright.mrc")], outputFolder },
      ...{ keepWork: true, overwrite: true },
      onProgress: ({ stage, done }) => {
        if (stage === "simulating other complexes") simulated.push(done);
      },
    });
  const all = [join(folder, "examples.star")];
  const result = await open(all);
  const picks = await readFile(result.candidatesPath, "utf8");
  const { particles } = readParticles(picks);
  expect(particles.some(({ className }) => className === "none")).toBe(true);
  expect(particles.some(({ className }) => className !== "none")).toBe(true);
  expect(simulated).toContain(0);
  simulated.length = 0;
  const list = readParticles(await readFile(all[0]!, "utf8"));
  const one = join(folder, "one-example-each.star");
  const each = NAMES.map((name) => list.particles.find(({ className }) => className === name)!);
  await writeFile(one, writeParticles({ ...list, particles: each }, { format: "relion3.1" }));
  await open([one]);
  await open(all);
  expect(simulated).toEqual([48, 48]);
  expect(await readFile(result.candidatesPath, "utf8")).toBe(picks);
});

test("stopped, it leaves no result but its work, and goes on from there", async () => {
  const outputFolder = join(folder, "stopped");
  const tomogramPaths = [join(folder, "bright.mrc")];
  const controller = new AbortController();
  const stopped = pick({
    ...options(),
    ...{ tomogramPaths, outputFolder, signal: controller.signal },
    onProgress: ({ stage, done }) => {
      if (stage === "searching" && done === 3) controller.abort();
    },
  });
  await expect(stopped).rejects.toThrow(AbortError);
  expect(await readdir(outputFolder)).toEqual([".pick-work"]);
  const result = await pick({ ...options(), tomogramPaths, outputFolder });
  expect(result.tomograms[0]!.resumedTiles).toBe(3);
  expect(await readFile(join(outputFolder, "picks.json"), "utf8")).not.toContain("resumedTiles");
  expect(await readdir(outputFolder)).not.toContain(".pick-work");
});

test("particles of another size are found at other voxels: the same picture called four times as large", async () => {
  const tomogramPaths = [join(folder, "bright.mrc")];
  const positionsOf = async (
    name: string,
    stated: { voxelSizeAngstrom?: number; particleDiameterAngstrom?: number },
  ) => {
    const result = await pick({ ...options(), ...stated, tomogramPaths, outputFolder: join(folder, name) });
    const csv = await readFile(result.csvPath, "utf8");
    const rows = csv.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const columns = rows[0]!.split(",");
    return rows
      .slice(1)
      .map((row) =>
        ["x_angstrom", "y_angstrom", "z_angstrom", "cosnetDiameterAngst"].map((column) =>
          Number(row.split(",")[columns.indexOf(column)]),
        ),
      );
  };
  const usual = await positionsOf("usual", {});
  const large = await positionsOf("large", { voxelSizeAngstrom: 4 * VOXEL, particleDiameterAngstrom: 800 });
  expect(usual.length).toBeGreaterThan(0);
  expect(large).toHaveLength(usual.length);
  // Four times the written digits' rounding.
  for (const [i, row] of usual.entries())
    for (const [j, value] of row.entries()) expect(Math.abs(large[i]![j]! - 4 * value)).toBeLessThan(0.25);
  await expect(positionsOf("none", { particleDiameterAngstrom: 3 })).rejects.toThrow(ConfigError);
});

test("an example that is given to the wrong class is named with its list, row and position, everywhere", async () => {
  const path = join(folder, "mislabelled.star");
  const [small, large] = NAMES.map((name) => truth.filter(({ className }) => className === name));
  const examples = [...small!.slice(0, 3), ...large!.slice(0, 3), { ...small![3]!, className: "large" }];
  const list = {
    particles: examples.map(({ position, className }) => ({
      ...{ positionAngstrom: position, className, tomogramName: "bright", extra: {} },
    })),
    ...{ origin: "first-voxel" as const, voxelSizeAngstrom: VOXEL, coordinatePixelSizeAngstrom: VOXEL, warnings: [] },
  };
  await writeFile(path, writeParticles(list, { format: "relion3.1" }));
  const told: string[] = [];
  const outputFolder = join(folder, "mislabelled");
  const { warnings, reportPath } = await pick({
    ...{ ...options(), examples: [path], tomogramPaths: [join(folder, "bright.mrc")], outputFolder },
    onWarning: (warning: string) => told.push(warning),
  });
  const doubts = warnings.filter((warning) => warning.startsWith("the example"));
  const { x, y, z } = small![3]!.position;
  expect(doubts).toEqual([
    expect.stringContaining(`mislabelled.star, particle 7 (at ${x}, ${y}, ${z} Å) is given as large`),
  ]);
  expect(doubts[0]).toMatch(/more like the examples of small/);
  expect(told).toContain(doubts[0]);
  expect(await readFile(reportPath, "utf8")).toContain("particle 7 (at ");
  expect(await readFile(join(outputFolder, "picks.json"), "utf8")).toContain("particle 7 (at ");
});

test("particles of a list are what the search says of its candidates, each in its place, whatever their order", async () => {
  const tomogramPaths = [join(folder, "bright.mrc")];
  const searching = { ...options(), tomogramPaths, closedSet: false, searchByExamples: false };
  const searched = await pick({ ...searching, outputFolder: join(folder, "searched") });
  const found = readParticles(await readFile(searched.candidatesPath, "utf8"));
  const orientation = { w: Math.SQRT1_2, x: 0, y: 0, z: Math.SQRT1_2 };
  const turned = found.particles.toReversed().map(({ positionAngstrom }, i) => ({
    ...{ positionAngstrom: positionAngstrom!, orientation, extra: {} },
    tomogramName: i % 2 === 0 ? "rec_bright.mrc" : "bright",
  }));
  const path = join(folder, "matched.star");
  await writeFile(path, writeParticles({ ...found, particles: turned }, { format: "relion5" }));
  const stages = new Set<string>();
  const named = await pick({
    ...{ ...searching, particles: [path], outputFolder: join(folder, "named") },
    onProgress: ({ stage }) => stages.add(stage),
  });
  expect(stages).not.toContain("searching");
  const list = readParticles(await readFile(named.candidatesPath, "utf8"));
  expect(list.particles).toHaveLength(found.particles.length);
  for (const [i, one] of list.particles.entries()) {
    const same = found.particles.at(-1 - i)!;
    expect(one.positionAngstrom!.x).toBeCloseTo(same.positionAngstrom!.x, 2);
    // A search picks a particle once, at the better of its two ends; what a list has twice is named twice.
    const isOtherEnd = same.className === "none" && Number(same.extra.cosnetKnownProbability) > 0.5;
    expect(one.className).toBe(isOtherEnd ? same.extra.cosnetBestClassName : same.className);
    const [probability, searchedFor] = [one, same].map(({ extra }) => Number(extra.cosnetProbability));
    expect(Math.abs(probability! - searchedFor!)).toBeLessThan(0.001);
    expect(one.orientation!.z).toBeCloseTo(orientation.z, 4);
  }
  const classes = new Set(list.particles.map(({ className }) => className));
  expect([...classes].sort()).toEqual(["large", "none", "small"]);
});
