import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readParticles, writeMrc } from "../../io/index.js";
import { convertFile } from "../../jobs/convert/index.js";
import { pick } from "../../jobs/pick/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { createRandom, createVolume } from "../../volume/index.js";
import { candidatesOf, type EngineEvent, type RunRecord, type VoxelPosition } from "../protocol/index.js";
import { type OpenEngine, openEngine } from "./index.js";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 }); // runs with the networks

const VOXEL = 10;
const NAMES = ["small", "large"] as const;
let folder: string;
const truth: { readonly position: VoxelPosition; readonly label: 0 | 1 }[] = [];
const events: EngineEvent[] = [];
let engine: OpenEngine;
let run: RunRecord;

/** Two classes of noise-free particles on a loose grid, and noise. */
async function writeTomogram(path: string): Promise<void> {
  const [nz, ny, nx] = [64, 104, 104];
  const random = createRandom("workbench test");
  const volume = createVolume([nz, ny, nx], VOXEL);
  volume.data.forEach((_, i) => {
    volume.data[i] = 0.5 * random.normal();
  });
  const renderer = createRenderer({ shiftVoxels: 0, contrastTransfer: false });
  const complexes = [3, 8].map((seed) => proceduralComplex(createRandom(seed)));
  for (let i = 0; i < 8; i++) {
    const [z, y, x] = [16 + 32 * (i >> 2), 28 + 48 * ((i >> 1) & 1), 28 + 48 * (i & 1)] as const;
    const label = ((i + (i >> 1) + (i >> 2)) % 2) as 0 | 1;
    const particle = renderer.render(complexes[label]!, { random: random.fork(i), snr: Number.POSITIVE_INFINITY });
    for (let v = 0; v < 32 ** 3; v++) {
      const [dz, dy, dx] = [(v >> 10) - 16, ((v >> 5) & 31) - 16, (v & 31) - 16];
      volume.data[((z + dz) * ny + y + dy) * nx + x + dx]! += particle.volume[v]!;
    }
    truth.push({ position: { x, y, z }, label });
  }
  await writeFile(path, writeMrc(volume));
}

async function ended(of: OpenEngine, runId: string): Promise<RunRecord> {
  for (;;) {
    const found = (await of.state()).runs.find(({ id }) => id === runId);
    if (found && found.state !== "running") return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const optionsIn = (project: string) => ({
  projectFolder: join(folder, project),
  openedFolders: [folder],
  runtime: "test",
  isLocal: true,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-runs-"));
  await writeTomogram(join(folder, "TS 1.mrc"));
  engine = await openEngine({ ...optionsIn("project"), onEvent: (event) => events.push(event) });
  await engine.take({ type: "add-tomogram", path: "TS 1.mrc" });
  for (const name of NAMES) await engine.take({ type: "add-class", name });
  const { project } = await engine.state();
  for (const [label, { id }] of project.classes.entries())
    for (const { position } of truth.filter((one) => one.label === label).slice(0, 2))
      await engine.take({ type: "add-example", tomogramId: "tomogram-1", classId: id, position });
  run = await engine.startRun({ kind: "pick", closedSet: true, masks: true });
  await expect(engine.startRun({ kind: "pick" })).rejects.toThrow("a run is going on");
  run = await ended(engine, run.id);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test("a run tells how far it is, and what became of it", () => {
  expect(run).toMatchObject({ id: "run-1", state: "done", request: { kind: "pick", closedSet: true, masks: true } });
  expect(run.command).toContain(`cosnet pick '${join(folder, "TS 1.mrc")}' --examples `);
  const states = events.flatMap((event) => (event.type === "project" ? (event.state.runs[0]?.state ?? []) : []));
  expect([...new Set(states)]).toEqual(["running", "done"]);
  expect(events.some((event) => event.type === "progress" && event.progress.runId === "run-1")).toBe(true);
});

/** What `pick` gives for the examples of a run, on its own. */
async function expectAsPicked(runId: string, options: { readonly closedSet: boolean; readonly masks?: boolean }) {
  const own = join(folder, "project/runs", runId);
  const other = join(folder, `${runId} picked`);
  const examples = [join(own, "examples-1.star")];
  await pick({ seed: 7, ...options, tomogramPaths: [join(folder, "TS 1.mrc")], examples, outputFolder: other });
  for (const name of ["picks.star", "candidates.star", "tomograms.star", "picks.csv"])
    expect(await readFile(join(own, name), "utf8")).toBe(await readFile(join(other, name), "utf8"));
}

test("the lists are those of pick with the same examples, byte for byte", async () => {
  await expectAsPicked(run.id, { closedSet: true, masks: true });
});

test("so they are in a second run with one example more, which takes from memory what it can", async () => {
  const { position } = truth.filter(({ label }) => label === 0)[2]!;
  const { project } = await engine.state();
  await engine.take({ type: "add-example", tomogramId: "tomogram-1", classId: project.classes[0]!.id, position });
  const second = await ended(engine, (await engine.startRun({ kind: "pick", closedSet: true })).id);
  await engine.take({ type: "undo" });
  expect(second).toMatchObject({ id: "run-2", state: "done" });
  await expectAsPicked(second.id, { closedSet: true });
});

/** Between the particles, where there is nothing. */
const NOTHING: readonly VoxelPosition[] = [
  { x: 52, y: 52, z: 32 },
  { x: 52, y: 76, z: 32 },
  { x: 28, y: 52, z: 32 },
];

describe("particles of a list", () => {
  let named: RunRecord;
  beforeAll(async () => {
    const rows = [...truth.map(({ position }) => position), ...NOTHING].map(({ x, y, z }) =>
      [x, y, z].map((voxels) => voxels * VOXEL).join(),
    );
    await writeFile(join(folder, "matched.csv"), ["x_angstrom,y_angstrom,z_angstrom", ...rows].join("\n"));
    const listed = { tomogramId: "tomogram-1", path: "matched.csv" };
    named = await ended(engine, (await engine.startRun({ kind: "pick", listed })).id);
  });

  test("get the class that they are of, or none, each where it is, and nothing is searched", async () => {
    expect(named).toMatchObject({ state: "done", candidates: truth.length + NOTHING.length });
    const { tables, classIds } = await engine.results(named.id);
    const candidates = candidatesOf({ runId: named.id, tables, classIds });
    for (const [i, { position, rejection, foundClassId }] of candidates.entries()) {
      const { position: at, label } = truth[i] ?? { position: NOTHING[i - truth.length]!, label: undefined };
      expect(Math.hypot(position.x - at.x, position.y - at.y, position.z - at.z)).toBeLessThan(0.01);
      if (label === undefined) expect(rejection).toBe("none");
      else expect([rejection, foundClassId]).toEqual(["pick", classIds[label]]);
    }
    const stages = events.flatMap((event) =>
      event.type === "progress" && event.progress.runId === named.id ? [event.progress.stage] : [],
    );
    expect(stages).toContain("embedding candidates");
    expect(stages).not.toContain("searching");
  });

  test("are what the command of the run says that they are", async () => {
    const own = join(folder, "project/runs", named.id);
    expect(named.command).toContain(` --particles ${join(own, "particles.star")}`);
    const other = join(folder, "named");
    const [examples, particles] = ["examples-1.star", "particles.star"].map((name) => [join(own, name)]) as [
      string[],
      string[],
    ];
    await pick({ seed: 7, tomogramPaths: [join(folder, "TS 1.mrc")], examples, particles, outputFolder: other });
    for (const name of ["picks.star", "candidates.star"])
      expect(await readFile(join(own, name), "utf8")).toBe(await readFile(join(other, name), "utf8"));
  });

  test("that are not there are refused, and leave no run", async () => {
    const { runs } = await engine.state();
    const start = (path: string, tomogramId = "tomogram-1") =>
      engine.startRun({ kind: "pick", listed: { path, tomogramId } });
    await writeFile(join(folder, "far.csv"), "x_angstrom,y_angstrom,z_angstrom\n99999,5,5\n");
    await expect(start("far.csv")).rejects.toThrow("particle 1 lies outside of TS 1");
    await expect(start("no.csv")).rejects.toThrow("no.csv");
    await expect(start("matched.csv", "tomogram-9")).rejects.toThrow("there is no tomogram-9");
    await expect(start("../matched.csv")).rejects.toThrow();
    await expect(engine.startRun({ kind: "pick", listed: { path: 7 } } as never)).rejects.toThrow('"path" must be');
    expect((await engine.state()).runs).toEqual(runs);
  });
});

test("the report is drawn when it is asked for", async () => {
  const { name, bytes } = await engine.report(run.id);
  expect(name).toBe("run-1-report.html");
  const text = new TextDecoder().decode(bytes);
  for (const className of NAMES) expect(text).toContain(className);
  expect((await engine.report(run.id)).bytes).toEqual(bytes);
});

test("results are the particles that are there, in voxels of the file", async () => {
  const { classIds, tables } = await engine.results(run.id);
  expect(classIds).toEqual((await engine.state()).project.classes.map(({ id }) => id));
  const [table] = tables;
  expect(table).toMatchObject({ tomogramId: "tomogram-1", count: run.candidates });
  for (const { position, label } of truth) {
    const near = Array.from({ length: table!.count }, (_, i) => i).filter((i) => {
      const [x = 0, y = 0, z = 0] = table!.positions.subarray(3 * i, 3 * i + 3);
      return Math.hypot(x - position.x, y - position.y, z - position.z) < 4;
    });
    expect(new Set(near.map((i) => `${table!.classIndex[i]} ${table!.rejection[i]}`))).toEqual(new Set([`${label} 0`]));
  }
  const { positions } = await engine.embeddingMap(run.id);
  expect(positions).toHaveLength(2 * table!.count);
  expect(positions.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(await engine.embeddingMap(run.id)).toEqual({ positions });
});

test("the surface of a mask is around its pick", async () => {
  const { tables } = await engine.results(run.id);
  const [x = 0, y = 0, z = 0] = tables[0]!.positions;
  const { positions, indices } = await engine.surface(run.id, "tomogram-1", { x, y, z });
  expect(indices.length).toBeGreaterThan(300);
  const mean = [0, 1, 2].map(
    (axis) =>
      positions.filter((_, i) => i % 3 === axis).reduce((sum, value) => sum + value, 0) / (positions.length / 3),
  );
  expect(Math.hypot(mean[0]! - x, mean[1]! - y, mean[2]! - z)).toBeLessThan(4);
  await expect(engine.surface(run.id, "tomogram-1", { x: 1, y: 1, z: 1 })).rejects.toThrow("no mask of a pick here");
});

describe("exports", () => {
  test("RELION 5: the run's own list, as long as nothing was decided", async () => {
    const [picks] = await engine.exportPicks(run.id, "relion5");
    expect(picks!.bytes).toEqual(new Uint8Array(await readFile(join(folder, "project/runs/run-1/picks.star"))));
  });

  test("every format, or a reason why not", async () => {
    await expect(engine.exportPicks(run.id, "labels")).rejects.toThrow("labels come with surfaces");
    await expect(engine.exportPicks(run.id, "averages")).rejects.toThrow("nothing has been averaged");
    const formats = (await engine.exportFormats()).filter(({ id }) => id !== "labels" && id !== "averages");
    for (const { id } of formats) {
      const files = await engine.exportPicks(run.id, id);
      expect([id, files.length > 0, files.every(({ bytes }) => bytes.byteLength > 0)]).toEqual([id, true, true]);
    }
  });

  test("lists are those of convert", async () => {
    await convertFile(join(folder, "project/runs/run-1/picks.star"), join(folder, "picks.csv"));
    const [csv] = await engine.exportPicks(run.id, "csv");
    expect(new TextDecoder().decode(csv!.bytes)).toBe(await readFile(join(folder, "picks.csv"), "utf8"));
  });

  test("thresholds and verdicts are applied", async () => {
    const { tables, classIds } = await engine.results(run.id);
    const [table] = tables;
    const rows = Array.from({ length: table!.count }, (_, i) => i).filter((i) => table!.rejection[i] === 0);
    const [rejected, reassigned] = rows as [number, number];
    const position = (i: number) => {
      const [x = 0, y = 0, z = 0] = table!.positions.subarray(3 * i, 3 * i + 3);
      return { x, y, z };
    };
    const other = classIds[1 - table!.classIndex[reassigned]!]!;
    const judge = (row: number, classId: string | null) =>
      engine.take({ type: "judge", tomogramId: "tomogram-1", position: position(row), classId });
    await judge(rejected, null);
    await judge(reassigned, other);
    const [picks] = await engine.exportPicks(run.id, "relion5");
    const { particles } = readParticles(new TextDecoder().decode(picks!.bytes));
    expect(particles).toHaveLength(rows.length - 1);
    expect(particles.filter(({ extra }) => extra.cosnetJudged === "1")).toMatchObject([
      { className: NAMES[classIds.indexOf(other)] },
    ]);
    for (const _ of [1, 2]) await engine.take({ type: "undo" });
    for (const classId of classIds) await engine.take({ type: "set-threshold", classId, probability: 1 });
    const [sure] = await engine.exportPicks(run.id, "relion5");
    const surest = rows.filter((i) => table!.probability[i]! >= 1);
    expect(readParticles(new TextDecoder().decode(sure!.bytes)).particles).toHaveLength(surest.length);
    expect(surest.length).toBeLessThan(rows.length);
    for (const _ of classIds) await engine.take({ type: "undo" });
  });
});

test("examples are judged by the others of their class", async () => {
  const { project } = await engine.state();
  const judged = await engine.judgeExamples();
  expect(judged.map(({ exampleId }) => exampleId)).toEqual(project.examples.map(({ id }) => id));
  for (const { exampleId, judgedClassId, similarity } of judged) {
    expect(judgedClassId).toBe(project.examples.find(({ id }) => id === exampleId)?.classId);
    expect(similarity).toBeGreaterThan(0.3);
  }
  await engine.take({
    ...{ type: "add-example", tomogramId: "tomogram-1", classId: null, position: { x: 2, y: 50, z: 30 } },
  });
  expect((await engine.judgeExamples()).at(-1)).toMatchObject({ warning: expect.stringContaining("at the border") });
  await engine.take({ type: "undo" });
});

test("a run can be cancelled, and says so", async () => {
  const { id } = await engine.startRun({ kind: "pick", particleDiameterAngstrom: 300 });
  await engine.cancelRun(id);
  expect((await engine.state()).runs.at(-1)).toMatchObject({ id, state: "cancelled" });
  await expect(engine.results(id)).rejects.toThrow(`${id} has no results: it is cancelled`);
});

test("bad requests say what is wrong", async () => {
  await expect(engine.results("run-9")).rejects.toThrow("there is no run-9");
  await expect(engine.exportPicks(run.id, "docx")).rejects.toThrow("there is no format docx");
  const { runs } = await engine.state();
  await using empty = await openEngine(optionsIn("empty"));
  await expect(empty.startRun({ kind: "pick" })).rejects.toThrow("no tomogram is open");
  await empty.take({ type: "add-tomogram", path: "TS 1.mrc" });
  await expect(empty.startRun({ kind: "pick" })).rejects.toThrow("there is no example to search by");
  expect((await engine.state()).runs).toEqual(runs);
});
