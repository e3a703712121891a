import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { afterAll, expect, test } from "vitest";
import { locate, renameFrom } from "./linked-files.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-names-"));
afterAll(() => rmSync(folder, { recursive: true }));
for (const name of ["old/particles", "results/new", "elsewhere"]) mkdirSync(join(folder, name), { recursive: true });
writeFileSync(join(folder, "old/particles/a.mrc"), "");
const list = join(folder, "old/particles.star");

test("a name in a list rewritten elsewhere still names the same file", async () => {
  const target = join(folder, "results/new");
  const name = await renameFrom(list, target)("particles/a.mrc");
  expect(name).toBe("../../old/particles/a.mrc");
  expect(await locate(join(target, "classified.star"), name)).toBe(join(folder, "old/particles/a.mrc"));
});

test("in the list's own folder it stays, and so do absolute names and names of nothing", async () => {
  expect(await renameFrom(list, join(folder, "old"))("particles/a.mrc")).toBe("particles/a.mrc");
  const rename = renameFrom(list, join(folder, "results"));
  expect(await rename(join(folder, "old/particles/a.mrc"))).toBe(join(folder, "old/particles/a.mrc"));
  expect(await rename("TS_01")).toBe("TS_01");
});

test("a name from the project folder, as RELION writes it, stays", async () => {
  // A list that lies deeper than the current folder: "../.." from there cannot happen upon the same file.
  const deep = join(folder, ...process.cwd().split(sep).fill("deeper"), "particles.star");
  const project = relative(process.cwd(), join(folder, "old/particles/a.mrc"));
  expect(await renameFrom(deep, join(folder, "results"))(project)).toBe(project);
});

test("a linked output folder is followed before going up from it", async () => {
  symlinkSync(join(folder, "results/new"), join(folder, "link"));
  expect(await renameFrom(list, join(folder, "link"))("particles/a.mrc")).toBe("../../old/particles/a.mrc");
});
