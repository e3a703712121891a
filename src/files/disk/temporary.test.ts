import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { removeLeftovers, temporaryPath } from "./temporary.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-temporary-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The number of a process that has ended. */
const { pid: dead } = spawnSync(process.execPath, ["--version"]);

test("what dead processes of this machine left is removed, and nothing else", async () => {
  const own = basename(await temporaryPath(join(folder, "list.star")));
  expect(own).toMatch(/^\.list\.star\.[0-9a-f]{8}-\d+-[0-9a-z]+-[0-9a-f]{12}\.tmp$/);
  const of = (pid: number) => own.replace(`-${process.pid}-`, `-${pid}-`);
  const elsewhere = of(dead).replace(/[0-9a-f]{8}-/, "00000000-");
  const earlier = own.replace(/-[0-9a-z]+-([0-9a-f]{12})/, "-1-$1"); // a process that had our number before us
  mkdirSync(join(folder, of(dead)));
  writeFileSync(join(folder, of(dead), "masks.mrc"), "half");
  for (const name of [own, of(process.ppid), elsewhere, earlier, ".mine.tmp", "notes.tmp"])
    writeFileSync(join(folder, name), "");
  await removeLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual([own, of(process.ppid), elsewhere, ".mine.tmp", "notes.tmp"].sort());
});

test("the first temporary file in a folder removes the leftovers there", async () => {
  const other = join(folder, "other");
  mkdirSync(other);
  const left = basename(await temporaryPath(join(folder, "a.mrc"))).replace(`-${process.pid}-`, `-${dead}-`);
  writeFileSync(join(other, left), "");
  await temporaryPath(join(other, "b.mrc"));
  expect(readdirSync(other)).toEqual([]);
});
