import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FileError } from "../../errors.js";
import { openWorkNotes, temporaryFolder, workFolderFor } from "./work-folder.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-work-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ["lines", "line", "one\ntwo\nth", "one\ntwo\n"],
  ["no whole line", "line", "o", ""],
  ["records of three bytes", 3, "onetwoth", "onetwo"],
  ["nothing", 3, "", ""],
] as const)("notes go on after the last whole record: %s", async (name, record, left, whole) => {
  const path = join(folder, name);
  await writeFile(path, left);
  {
    await using notes = await openWorkNotes(path, record);
    expect(notes.earlierBytes).toBe(whole.length);
    await notes.append("new");
    expect(new TextDecoder().decode(await notes.read())).toBe(`${whole}new`);
  }
  expect(await readFile(path, "utf8")).toBe(`${whole}new`);
});

test("notes in a folder that is missing are a FileError", async () => {
  await expect(openWorkNotes(join(folder, "missing", "notes"), "line")).rejects.toThrow(FileError);
});

test("another state of a file, and other settings, have another work folder", async () => {
  const path = join(folder, "tomogram.mrc");
  await writeFile(path, "a");
  const first = await workFolderFor(folder, path, { voxelSizeAngstrom: 10 });
  expect(await workFolderFor(folder, path, { voxelSizeAngstrom: 10 })).toBe(first);
  expect(await workFolderFor(folder, path, { voxelSizeAngstrom: 5 })).not.toBe(first);
  await writeFile(path, "ab");
  expect(await workFolderFor(folder, path, { voxelSizeAngstrom: 10 })).not.toBe(first);
});

test("a temporary folder is gone when it is disposed of", async () => {
  let path: string;
  {
    await using work = await temporaryFolder();
    path = work.path;
    await writeFile(join(path, "a"), "");
  }
  await expect(stat(path)).rejects.toThrow();
});
