import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { EMPTY_HISTORY, type Step, takeStep } from "../protocol/index.js";
import { openJournal } from "./journal.js";

const folder = await mkdtemp(join(tmpdir(), "cosnet-journal-"));
afterAll(() => rm(folder, { recursive: true }));
let count = 0;
const freshFolder = () => join(folder, `project-${++count}`);

const position = fc.record({ x: fc.nat(400), y: fc.nat(400), z: fc.nat(200) });
const id = (kind: string) => fc.integer({ min: 1, max: 6 }).map((number) => `${kind}-${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.nat(3).map((number): Step => ({ type: "add-tomogram", path: `/data/TS_${number}.mrc` })),
  fc.nat(3).map((number): Step => ({ type: "add-class", name: `class${number}` })),
  fc.record({
    type: fc.constant("add-example" as const),
    ...{ tomogramId: id("tomogram"), position },
    classId: fc.option(id("class")),
  }),
  fc.record({ type: fc.constant("move-example" as const), id: id("example"), position }),
  fc.record({ type: fc.constant("set-threshold" as const), classId: id("class"), probability: fc.constant(0.5) }),
  fc.constant<Step>({ type: "undo" }),
  fc.constant<Step>({ type: "redo" }),
);

test("any steps, cut at any byte: the project is what the whole lines make of it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (steps, cut) => {
        const project = freshFolder();
        const taken: Step[] = [];
        {
          await using journal = await openJournal(project);
          for (const one of steps)
            await journal.take(one).then(
              () => taken.push(one),
              () => {}, // not possible in this project
            );
          expect(journal.history).toEqual(taken.reduce(takeStep, EMPTY_HISTORY));
        }
        const path = join(project, "journal.jsonl");
        const bytes = await readFile(path);
        const kept = bytes.subarray(0, Math.round(cut * bytes.length));
        await writeFile(path, kept);
        const lines = Math.max(0, kept.filter((byte) => byte === 10).length - 1);
        await using again = await openJournal(project);
        expect(again.history).toEqual(taken.slice(0, lines).reduce(takeStep, EMPTY_HISTORY));
      },
    ),
    { numRuns: 40 },
  );
});

test("steps asked for at once are taken one after the other", async () => {
  const project = freshFolder();
  {
    await using journal = await openJournal(project);
    const names = Array.from({ length: 20 }, (_, i) => `class${i}`);
    await Promise.all(names.map((name) => journal.take({ type: "add-class", name })));
    expect(journal.history.present.classes.map(({ name }) => name)).toEqual(names);
  }
  await using again = await openJournal(project);
  expect(again.history.present.classes).toHaveLength(20);
});

test("a project is open once", async () => {
  const project = freshFolder();
  {
    await using _ = await openJournal(project);
    await expect(openJournal(project)).rejects.toThrow("is open in another cosnet workbench");
  }
  await using _ = await openJournal(project);
});

test("the lock of a dead process is taken over", async () => {
  const project = freshFolder();
  {
    await using _ = await openJournal(project);
    const path = join(project, "journal.lock");
    const owner = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({ ...owner, pid: 2 ** 22 + 1 }));
    await using journal = await openJournal(project);
    await journal.take({ type: "add-class", name: "ribosome" });
  }
});

test("the lock of another computer is not taken over, and the message says what to do", async () => {
  const project = freshFolder();
  await using _ = await openJournal(project);
  const path = join(project, "journal.lock");
  const owner = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...owner, host: "0000abcd", pid: 77, hostName: "login02" }));
  await expect(openJournal(project)).rejects.toMatchObject({
    reason: expect.stringContaining("is open in another cosnet workbench (process 77 on login02)"),
    hint: expect.stringContaining(`If it does not, remove ${path}`),
  });
});

test("a damaged line is named", async () => {
  const project = freshFolder();
  {
    await using journal = await openJournal(project);
    await journal.take({ type: "add-class", name: "ribosome" });
  }
  const path = join(project, "journal.jsonl");
  await writeFile(path, `${await readFile(path, "utf8")}{"type":"remove-class","id":"class-9"}\n`);
  await expect(openJournal(project)).rejects.toThrow("journal.jsonl, line 3: there is no class-9");
  await writeFile(path, "_rlnTomoName\n");
  await expect(openJournal(project)).rejects.toThrow("journal.jsonl: this line is damaged");
});

test("a project can be moved with its data", async () => {
  const data = freshFolder();
  {
    await using journal = await openJournal(join(data, "project"));
    await writeFile(join(data, "TS_01.mrc"), "");
    await journal.take({ type: "add-tomogram", path: join(data, "TS_01.mrc") });
  }
  const moved = freshFolder();
  await (await import("node:fs/promises")).rename(data, moved);
  await using journal = await openJournal(join(moved, "project"));
  expect(journal.history.present.tomograms[0]?.path).toBe(join(moved, "TS_01.mrc"));
});
