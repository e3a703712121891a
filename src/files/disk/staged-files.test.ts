import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileError } from "../../errors.js";
import { withStagedFiles } from "./staged-files.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-staged-"));
afterAll(() => rmSync(folder, { recursive: true }));
const all = (name: string) => readdirSync(join(folder, name), { recursive: true, encoding: "utf8" }).sort();

test("files appear together when the work is done", async () => {
  const result = await withStagedFiles(join(folder, "a/b"), {}, async (files) => {
    await files.write("list.star", "one");
    await files.write("masks/1.mrc", "two");
    expect(all("a/b").filter((name) => !name.startsWith(".cosnet."))).toEqual([]);
    return 7;
  });
  expect(result).toBe(7);
  expect(all("a")).toEqual(["b", "b/list.star", "b/masks", "b/masks/1.mrc"]);
});

test("a failure leaves an earlier result as it was, and no folder that was made for it", async () => {
  await withStagedFiles(join(folder, "kept"), {}, (files) => files.write("list.star", "old"));
  const failing = (name: string) =>
    withStagedFiles(join(folder, name), {}, async (files) => {
      await files.write("list.star", "new");
      throw new Error("in the middle");
    });
  await expect(failing("kept")).rejects.toThrow("in the middle");
  expect(all("kept")).toEqual(["list.star"]);
  expect(readFileSync(join(folder, "kept/list.star"), "utf8")).toBe("old");
  await expect(failing("made/for/it")).rejects.toThrow("in the middle");
  expect(all(".")).not.toContain("made");
  await expect(failing("kept/more")).rejects.toThrow("in the middle");
  expect(all("kept")).toEqual(["list.star"]);
});

test("errors name the file that was wanted, not the temporary one", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(withStagedFiles(join(folder, "file"), {}, async () => {})).rejects.toThrow(FileError);
  const long = "x".repeat(300);
  await expect(withStagedFiles(folder, {}, (files) => files.write(long, ""))).rejects.toThrow(
    `${join(folder, long)}: cannot be written: the name is too long`,
  );
});

test("the file that shows a result to be whole appears last, and goes first where a result is replaced", async () => {
  const result = join(folder, "whole");
  const write = (overwrite: boolean, content: string) =>
    withStagedFiles(result, { lastFile: "result.json", overwrite }, async (files) => {
      await files.write("result.json", content);
      await files.write("list.star/cannot-be-renamed", content);
    });
  mkdirSync(result);
  writeFileSync(join(result, "list.star"), "a file where a folder is needed");
  await expect(write(false, "first")).rejects.toThrow(FileError);
  expect(all("whole")).toEqual(["list.star"]);
  rmSync(join(result, "list.star"));
  await write(false, "second");
  expect(readFileSync(join(result, "result.json"), "utf8")).toBe("second");
  await expect(write(false, "third")).rejects.toThrow("result.json is there already");
  rmSync(join(result, "list.star"), { recursive: true });
  writeFileSync(join(result, "list.star"), "");
  await expect(write(true, "fourth")).rejects.toThrow(FileError);
  expect(all("whole")).toEqual(["list.star"]);
});
