/** What is made of a search's picks: surfaces and averages. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readParticles, writeMrc } from "../../io/index.js";
import { FEWEST_PARTICLES } from "../../jobs/average/index.js";
import { segment } from "../../jobs/segment/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { createRandom, createVolume } from "../../volume/index.js";
import {
  type ClassAverage,
  candidatesOf,
  type EngineEvent,
  FEWEST_TO_AVERAGE,
  flagsIn,
  type RunRecord,
  type RunRequest,
  type RunResults,
  type VoxelPosition,
} from "../protocol/index.js";
import { type OpenEngine, openEngine } from "./index.js";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 }); // runs with the networks

const VOXEL = 10;
let folder: string;
let engine: OpenEngine;
let search: RunRecord;
const events: EngineEvent[] = [];
const foundWhileSearching: RunResults[] = [];
const truth: VoxelPosition[] = [];
/** Picks that a person would leave. */
let right = 0;

/** Eighteen noise-free particles of one class and two of another on a loose grid, and noise. */
async function writeTomogram(path: string): Promise<void> {
  const [nz, ny, nx] = [64, 104, 232];
  const random = createRandom("further runs");
  const volume = createVolume([nz, ny, nx], VOXEL);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] = 0.25 * random.normal();
  const renderer = createRenderer({ shiftVoxels: 0, contrastTransfer: false });
  const [large, small] = [8, 3].map((seed) => proceduralComplex(createRandom(seed)));
  for (let i = 0; i < 20; i++) {
    const [z, y, x] = [16 + 32 * (i % 2), 28 + 48 * ((i >> 1) % 2), 28 + 44 * (i >> 2)] as const;
    const { volume: box } = renderer.render(i < 18 ? large! : small!, {
      random: random.fork(i),
      snr: Number.POSITIVE_INFINITY,
    });
    for (let v = 0; v < 32 ** 3; v++) {
      const [dz, dy, dx] = [(v >> 10) - 16, ((v >> 5) & 31) - 16, (v & 31) - 16];
      volume.data[((z + dz) * ny + y + dy) * nx + x + dx]! += box[v]!;
    }
    truth.push({ x, y, z });
  }
  await writeFile(path, writeMrc(volume));
}

const optionsIn = (project: string) => ({
  projectFolder: join(folder, project),
  openedFolders: [folder],
  runtime: "test",
  isLocal: true,
});

async function ended(of: OpenEngine, { id }: RunRecord): Promise<RunRecord> {
  for (;;) {
    const found = (await of.state()).runs.find((run) => run.id === id);
    if (found && found.state !== "running") return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isTrue({ x, y, z }: VoxelPosition): boolean {
  return truth.some((one) => Math.hypot(one.x - x, one.y - y, one.z - z) < 4);
}

async function run(request: RunRequest): Promise<RunRecord> {
  return ended(engine, await engine.startRun(request));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-further-"));
  await writeTomogram(join(folder, "TS_1.mrc"));
  const onEvent = (event: EngineEvent) => {
    events.push(event);
    if (event.type === "found") void engine.results(event.runId).then((found) => foundWhileSearching.push(found));
  };
  engine = await openEngine({ ...optionsIn("project"), onEvent });
  await engine.take({ type: "add-tomogram", path: "TS_1.mrc" });
  await engine.take({ type: "add-class", name: "large" });
  await engine.take({ type: "add-class", name: "small" });
  const { classes } = (await engine.state()).project;
  for (const [index, particle] of [0, 18].entries())
    await engine.take({
      ...{ type: "add-example", tomogramId: "tomogram-1", classId: classes[index]!.id, position: truth[particle]! },
    });
  search = await run({ kind: "pick", closedSet: true });
  expect(search.error).toBeUndefined();
  for (const { position, rejection } of candidatesOf(await engine.results(search.id)))
    if (rejection !== "pick") continue;
    else if (isTrue(position)) right++;
    else await engine.take({ type: "judge", tomogramId: "tomogram-1", classId: null, position });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test("while a search goes on it tells what it has found so far", () => {
  expect(foundWhileSearching.length).toBeGreaterThan(1);
  const found = foundWhileSearching.map(candidatesOf);
  const isUnidentified = (candidates: ReturnType<typeof candidatesOf>) =>
    candidates.every(({ rejection }) => rejection === "unidentified");
  expect(isUnidentified(found[0]!)).toBe(true);
  const [detected, identified] = [found.findLast(isUnidentified)!, found.at(-1)!];
  expect(detected.filter(({ position }) => isTrue(position)).length).toBeGreaterThan(truth.length / 2);
  const picks = identified.filter(({ rejection }) => rejection === "pick");
  expect(picks).toHaveLength(search.picks!);
  expect(picks.every(({ foundClassId }) => foundClassId !== undefined)).toBe(true);
});

test("candidates are flagged by where they are", async () => {
  const { flags } = await engine.flags(search.id);
  const candidates = candidatesOf(await engine.results(search.id));
  expect(flags).toHaveLength(candidates.length);
  const atBorder = candidates.findIndex(({ position: { x, y, z } }) => Math.min(x, y, z) < 2);
  if (atBorder >= 0) expect(flagsIn(flags[atBorder]!)).toContain("border");
  for (const [index, { position, rejection }] of candidates.entries())
    if (rejection === "pick" && isTrue(position)) expect(flagsIn(flags[index]!)).not.toContain("gold");
});

describe("surfaces", () => {
  let made: RunRecord;
  beforeAll(async () => {
    made = await run({ kind: "segment", ofRunId: search.id });
  });

  test("are those of cosnet segment with the same picks, byte for byte", async () => {
    expect(made).toMatchObject({ state: "done", picks: right });
    const own = join(folder, "project/runs", made.id);
    expect(made.command).toBe(
      `cosnet segment ${join(folder, "TS_1.mrc")} --picks ${join(own, "picks-1.star")} --surfaces ply --per-particle`,
    );
    const other = join(folder, "segmented");
    await segment({
      ...{ tomogramPath: join(folder, "TS_1.mrc"), particlesPath: join(own, "picks-1.star") },
      ...{ outputFolder: other, surfaces: ["ply"], surfacePerParticle: true },
    });
    const names = (await readdir(other, { recursive: true })).filter((name) => /\.(?:mrc|ply|star|csv)$/.test(name));
    expect(names.length).toBeGreaterThan(16);
    const isSame = async (name: string) =>
      (await readFile(join(own, "tomogram-1", name))).equals(await readFile(join(other, name)));
    for (const name of names) expect([name, await isSame(name)]).toEqual([name, true]);
  });

  test("lie around their picks, and are measured", async () => {
    const found = candidatesOf(await engine.results(search.id)).filter(
      ({ rejection, position }) => rejection === "pick" && isTrue(position),
    );
    for (const { x, y, z } of [found[0]!.position, found[5]!.position]) {
      const { positions, indices } = await engine.surface(made.id, "tomogram-1", { x, y, z });
      expect(indices.length).toBeGreaterThan(300);
      const mean = [0, 1, 2].map((axis) => {
        const along = positions.filter((_, i) => i % 3 === axis);
        return along.reduce((sum, value) => sum + value, 0) / along.length;
      });
      expect(Math.hypot(mean[0]! - x, mean[1]! - y, mean[2]! - z)).toBeLessThan(4);
    }
    await expect(engine.surface(made.id, "tomogram-1", { x: 1, y: 1, z: 1 })).rejects.toThrow("no surface of a pick");
    const [measured, other] = (await engine.segmentation(made.id)).classes;
    expect([measured!.name, other!.name]).toEqual(["large", "small"]);
    expect(measured!.particles + other!.particles).toBe(right);
    expect(measured!.medianDiameterAngstrom).toBeGreaterThan(60);
    expect(measured!.medianDiameterAngstrom).toBeLessThan(250);
  });

  test("go with the search's picks when they are exported", async () => {
    const names = async (format: string) => (await engine.exportPicks(search.id, format)).map(({ name }) => name);
    expect(await names("surfaces")).toEqual(["surfaces/class-1-large.ply", "surfaces/class-2-small.ply"]);
    expect((await names("labels")).sort()).toEqual(["instances.mrc", "labels.mrc"]);
    const [command] = await engine.exportPicks(search.id, "command");
    expect(new TextDecoder().decode(command!.bytes)).toContain(`\n${made.command}\n`);
  });

  test("are of the picks that a person has left", async () => {
    const { x, y, z } = candidatesOf(await engine.results(search.id)).find(
      ({ rejection, position }) => rejection === "pick" && isTrue(position),
    )!.position;
    await engine.take({ type: "judge", tomogramId: "tomogram-1", classId: null, position: { x, y, z } });
    const again = await run({ kind: "segment", ofRunId: search.id, joint: true });
    expect(again).toMatchObject({ state: "done", picks: right - 1 });
    await expect(engine.surface(again.id, "tomogram-1", { x, y, z })).rejects.toThrow("no surface of a pick");
    await engine.take({ type: "undo" });
  });

  test("have a report", async () => {
    const { name, bytes } = await engine.report(made.id);
    expect(name).toBe(`${made.id}-report.html`);
    expect(new TextDecoder().decode(bytes)).toContain("large");
  });
});

describe("averages", () => {
  let made: RunRecord;
  beforeAll(async () => {
    made = await run({ kind: "average", ofRunId: search.id });
  });

  test("begin from what was clicked", async () => {
    expect(made).toMatchObject({ state: "done" });
    expect(made.command).toMatch(
      /^cosnet average --particles \S+picks\.star --classes large --examples \S+examples-1\.star$/,
    );
    const { classes } = await engine.averages(made.id);
    expect(classes.map(({ name }) => name)).toEqual(["large"]);
    // Of what cannot be told from noise there is no average; where there is one, test/workbench/page.test.ts looks at it.
    const [{ used, map }] = classes as [ClassAverage];
    expect(map === undefined).toBe(used === 0);
  });

  test("are exported with half maps, mask and poses", async () => {
    const files = await engine.exportPicks(search.id, "averages");
    expect(files.map(({ name }) => name).sort()).toEqual([
      "maps/01-large.mrc",
      "maps/01-large_half1_class001_unfil.mrc",
      "maps/01-large_half2_class001_unfil.mrc",
      "maps/01-large_mask.mrc",
      "optimisation_set.star",
      "particles.star",
      "tomograms.star",
    ]);
    const list = files.find(({ name }) => name === "particles.star");
    const { particles } = readParticles(new TextDecoder().decode(list!.bytes));
    expect(particles.every(({ orientation }) => orientation !== undefined)).toBe(true);
  });

  test("of too few say so", async () => {
    expect(FEWEST_TO_AVERAGE).toBe(FEWEST_PARTICLES);
    const small = (await engine.state()).project.classes[1]!;
    const few = await run({ kind: "average", ofRunId: search.id, classIds: [small.id] });
    expect(few.state).toBe("done");
    const [only] = (await engine.averages(few.id)).classes;
    expect(only).toMatchObject({ classId: small.id, name: "small", used: 0 });
    expect(only!.map).toBeUndefined();
    expect(few.warnings).toContain(`small: not averaged, ${only!.particles} particles are too few`);
  });
});

test("what cannot be is refused, and leaves no run", async () => {
  const { runs } = await engine.state();
  const refusals: readonly (readonly [unknown, string])[] = [
    [{ kind: "align" }, '"kind" must be pick, segment or average'],
    [{ kind: "segment" }, '"ofRunId" must be a short text'],
    [{ kind: "segment", ofRunId: "run-99" }, "there is no run-99"],
    [{ kind: "average", ofRunId: search.id, classIds: [7] }, '"0" must be a short text'],
    [{ kind: "average", ofRunId: search.id, classIds: ["class-9"] }, "there is no pick to average"],
    [{ kind: "segment", ofRunId: runs.at(-1)!.id }, "is a run of average, not of pick"],
  ];
  for (const [request, message] of refusals)
    await expect(engine.startRun(request as RunRequest)).rejects.toThrow(message);
  await expect(engine.averages(search.id)).rejects.toThrow("is a run of pick, not of average");
  expect((await engine.state()).runs).toEqual(runs);
});

test("a run that was stopped goes on, and ends with the same files", async () => {
  const stopped = await engine.startRun({ kind: "average", ofRunId: search.id });
  const isSearching = () =>
    events.some((event) => event.type === "progress" && event.progress.runId === stopped.id && event.progress.done > 2);
  await vi.waitFor(() => expect(isSearching()).toBe(true), { timeout: 60_000, interval: 20 });
  await engine.cancelRun(stopped.id);
  expect((await engine.state()).runs.at(-1)).toMatchObject({ id: stopped.id, state: "cancelled" });
  expect(await engine.resumeRun(stopped.id)).toMatchObject({ id: stopped.id, state: "running" });
  expect(await ended(engine, stopped)).toMatchObject({ state: "done" });
  await expect(engine.resumeRun(stopped.id)).rejects.toThrow(`${stopped.id} is done`);
  const first = (await engine.state()).runs.find(({ request }) => request.kind === "average")!;
  expect((await engine.averages(stopped.id)).classes).toEqual((await engine.averages(first.id)).classes);
});
