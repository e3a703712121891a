import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureWritableFolder } from "./disk.js";
import { makeFolder, removeEmptyMadeFolders } from "./made-folders.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "cosnet-made-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("folders that were made and stay empty are removed, with the parents made for them, and no others", async () => {
  await mkdir(join(root, "old/empty"), { recursive: true });
  for (const name of ["old/empty", "old/new/deep", "new/a", "new/b"]) await ensureWritableFolder(join(root, name));
  await writeFile(join(root, "new/b/result.txt"), "1");
  removeEmptyMadeFolders();
  const left = ["old/empty", "old/new", "new/a", "new/b/result.txt"].filter((name) => existsSync(join(root, name)));
  expect(left).toEqual(["old/empty", "new/b/result.txt"]);
});

test("the first folder that had to be made is given", async () => {
  expect(await makeFolder(join(root, "x/y/z"))).toBe(join(root, "x"));
  expect(await makeFolder(join(root, "x/y/z"))).toBeUndefined();
  expect(await makeFolder(join(root, "x/y/other"))).toBe(join(root, "x/y/other"));
  await writeFile(join(root, "x/file"), "1");
  await expect(makeFolder(join(root, "x/file"))).rejects.toThrow("EEXIST");
  await expect(makeFolder(join(root, "x/file/inside"))).rejects.toThrow("ENOTDIR");
});

test.skipIf(process.platform !== "linux")(
  "a folder in which none can be made is an error, not an endless wait",
  async () => {
    await expect(makeFolder("/proc/cosnet/results")).rejects.toThrow("ENOENT");
    await expect(ensureWritableFolder("/proc/cosnet/results")).rejects.toThrow("cannot be written to");
  },
);
