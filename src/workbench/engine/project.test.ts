import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMrc } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { openEngine } from "./index.js";

let folder: string;
const optionsIn = (project: string) => ({
  ...{ projectFolder: join(folder, project), openedFolders: [join(folder, "data")], runtime: "test", isLocal: true },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-project-"));
  await mkdir(join(folder, "data/copick/ExperimentRuns/TS_1/Picks"), { recursive: true });
  await writeFile(join(folder, "data/TS_1.mrc"), writeMrc(createVolume([20, 40, 60], 10)));
  await writeFile(join(folder, "outside.mrc"), writeMrc(createVolume([8, 8, 8], 10)));
  await writeFile(join(folder, "data/picks.csv"), "x,y,z,class\n10,20,10,80S ribosome\n30,10,5,none\n");
  await writeFile(join(folder, "data/far.csv"), "x,y,z,class\n10,20,300,ribosome\n");
  await writeFile(
    join(folder, "data/copick/ExperimentRuns/TS_1/Picks/me_1_proteasome.json"),
    JSON.stringify({
      ...{ pickable_object_name: "proteasome", run_name: "TS_1", voxel_spacing: 10, unit: "angstrom" },
      points: [{ location: { x: 255, y: 105, z: 55 } }],
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("particles of a list, and of a copick project, become examples", async () => {
  await using engine = await openEngine(optionsIn("imported"));
  await engine.take({ type: "add-tomogram", path: "TS_1.mrc" });
  await engine.importParticles("picks.csv", "tomogram-1");
  const { project } = await engine.importParticles("copick", "tomogram-1");
  const names = new Map(project.classes.map(({ id, name }) => [id, name]));
  expect(project.examples.map(({ classId, position }) => [names.get(classId ?? ""), position])).toEqual([
    ["80S-ribosome", { x: 10, y: 20, z: 10 }],
    [undefined, { x: 30, y: 10, z: 5 }],
    ["proteasome", { x: 25.5, y: 10.5, z: 5.5 }],
  ]);
  await expect(engine.importParticles("far.csv", "tomogram-1")).rejects.toThrow("particle 1 lies outside of TS_1");
  const again = await engine.importParticles("copick", "tomogram-1");
  expect(again.project).toEqual(project);
});

test("only files in the opened folders are seen", async () => {
  await using engine = await openEngine(optionsIn("closed"));
  const { entries, parent } = await engine.listFolder();
  expect(entries.map(({ name, isFolder }) => [name, isFolder])).toEqual([
    ["copick", true],
    ["TS_1.mrc", false],
  ]);
  expect(parent).toBeUndefined();
  for (const path of ["../outside.mrc", join(folder, "outside.mrc")])
    await expect(engine.take({ type: "add-tomogram", path })).rejects.toThrow("lies outside of the opened folders");
  await expect(engine.listFolder("..")).rejects.toThrow("lies outside of the opened folders");
  await expect(engine.importParticles("../outside.mrc", "tomogram-1")).rejects.toThrow("there is no tomogram-1");
});

test("a project is open in one engine", async () => {
  await using engine = await openEngine(optionsIn("twice"));
  await expect(openEngine(optionsIn("twice"))).rejects.toThrow("is open in another cosnet workbench");
  await engine.take({ type: "add-class", name: "ribosome" });
  expect((await engine.state()).project.classes).toHaveLength(1);
});

test("a run whose program was killed is cancelled, and the next has a number of its own", async () => {
  const run = join(folder, "killed/runs/run-3");
  await mkdir(run, { recursive: true });
  const record = {
    ...{ id: "run-3", state: "running", startedAt: "2026-01-01T00:00:00.000Z", options: {}, warnings: [] },
    command: "cosnet pick TS_1.mrc --examples examples-1.star",
  };
  const job = { kind: "pick", options: { tomogramPaths: [], examples: [] } };
  await writeFile(join(run, "run.json"), JSON.stringify({ format: 2, record, classes: [], tomograms: [], job }));
  await using engine = await openEngine(optionsIn("killed"));
  expect((await engine.state()).runs).toMatchObject([{ id: "run-3", state: "cancelled" }]);
  await expect(engine.results("run-3")).rejects.toThrow("run-3 has no results: it is cancelled");
  await engine.take({ type: "add-tomogram", path: "TS_1.mrc" });
  await engine.take({ type: "add-class", name: "ribosome" });
  await engine.take({
    ...{ type: "add-example", tomogramId: "tomogram-1", classId: "class-2", position: { x: 20, y: 20, z: 10 } },
  });
  const { id } = await engine.startRun({ kind: "pick" });
  expect(id).toBe("run-4");
  await engine.cancelRun(id);
  expect(await readFile(join(folder, "killed/runs/run-4/examples-1.star"), "utf8")).toContain("ribosome");
});
