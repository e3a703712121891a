/** `cosnet workbench` as a process of its own: from its link to Ctrl-C, killed and opened again, asked by many at once. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMrc } from "../../src/io/index.js";
import { createRandom } from "../../src/volume/index.js";
import type { EngineEvent, ProjectState } from "../../src/workbench/protocol/index.js";
import { BUILD_MILLISECONDS, type BuiltProgram, buildProgram } from "./program.js";

/** Sections of a megabyte: 512x512 as float32. */
const [NX, NY, NZ] = [512, 512, 24];

let program: BuiltProgram;
beforeAll(() => {
  program = buildProgram();
  const random = createRandom("workbench");
  const data = Float32Array.from({ length: NX * NY * NZ }, () => Math.round(random.uniform(-100, 100)));
  const volume = { data, shape: [NZ, NY, NX] as const, voxelSizeAngstrom: 10 };
  writeFileSync(join(program.folder, "noise.mrc"), writeMrc(volume, { mode: 1 }));
}, BUILD_MILLISECONDS);
afterAll(() => program[Symbol.dispose]());

test("tells its link in one line, and Ctrl-C is its proper end", async () => {
  const workbench = await program.startWorkbench("noise.mrc", "--project", "ends");
  expect(workbench.printed()).toEqual({ out: `The workbench is at ${workbench.url}\n`, err: "" });
  expect(workbench.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/);
  expect((await fetch(new URL(workbench.url).origin)).status).toBe(200);
  expect(await workbench.kill("SIGINT")).toBe(0);
  expect(workbench.printed().out).toContain("The project is in ");
});

test("says which port is taken, and that a project is open already", async () => {
  const workbench = await program.startWorkbench("--project", "first");
  const { port } = new URL(workbench.url);
  await expect(program.startWorkbench("--project", "second", "--port", port)).rejects.toThrow(
    new RegExp(`ended with 2: cosnet: port ${port} is taken\\n  Give another --port`),
  );
  await expect(program.startWorkbench("--project", "first")).rejects.toThrow(/ended with 2: cosnet: .*first/);
  await workbench.kill("SIGINT");
});

test("warns where other computers reach it", async () => {
  const workbench = await program.startWorkbench("--project", "open", "--host", "0.0.0.0");
  expect(workbench.printed().err).toContain("warning: other computers reach this page");
  await workbench.kill("SIGINT");
});

test("killed at any moment it opens again as it was", async () => {
  const first = await program.startWorkbench("noise.mrc", "--project", "killed");
  await first.engine.take({ type: "add-class", name: "ribosome" });
  await first.engine.take({ type: "add-class", name: "proteasome" });
  await first.engine.take({ type: "undo" });
  const before = await first.engine.take({
    ...{ type: "add-example", tomogramId: "tomogram-1", classId: "class-2", position: { x: 1, y: 2, z: 3 } },
  });
  await first.kill("SIGKILL");
  const second = await program.startWorkbench("noise.mrc", "--project", "killed");
  const { version, ...state } = await second.engine.state();
  const { version: earlier, ...expected } = before;
  expect(state).toEqual(expected);
  expect(version).toBeGreaterThan(earlier);
  await second.kill("SIGINT");
});

test("shows two pages the same project, each what the other did", async () => {
  const workbench = await program.startWorkbench("noise.mrc", "--project", "shared");
  const pages = [workbench.events(), workbench.events()];
  const next = async (page: AsyncGenerator<EngineEvent>): Promise<ProjectState> => {
    for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => page.next() }) })
      if (event.type === "project") return event.state;
    throw new Error("the events have ended");
  };
  const begin = await Promise.all(pages.map(next));
  expect(begin[0]).toEqual(begin[1]);
  const taken = await Promise.all(["a", "b", "c"].map((name) => workbench.engine.take({ type: "add-class", name })));
  const last = taken.reduce((latest, state) => (state.version > latest.version ? state : latest));
  for (const page of pages) {
    let state = await next(page);
    while (state.version < last.version) state = await next(page);
    expect(state).toEqual(last);
  }
  expect(last.project.classes).toHaveLength(3);
  await workbench.kill("SIGINT");
});

test("answers 1,000 requests at once, within its memory", async () => {
  const workbench = await program.startWorkbench("noise.mrc", "--project", "busy");
  const { engine } = workbench;
  const [expected] = await engine.sections({ tomogramId: "tomogram-1", axis: "z", index: 7 });
  const asked = Array.from({ length: 1000 }, async (_, i) => {
    if (i % 4 === 0) return engine.about().then(({ isLocal }) => isLocal);
    const [section] = await engine.sections({ tomogramId: "tomogram-1", axis: "z", index: i % NZ });
    return (
      section?.width === NX &&
      section.values.length === NX * NY &&
      (i % NZ !== 7 || section.values.every((value, at) => value === expected?.values[at]))
    );
  });
  expect((await Promise.all(asked)).filter((isRight) => isRight)).toHaveLength(1000);
  if (process.platform === "linux") expect(largestMemoryBytes(workbench.process.pid)).toBeLessThan(500e6);
  await workbench.kill("SIGINT");
});

function largestMemoryBytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
}
