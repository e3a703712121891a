import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { captureTerminal } from "../../../test/capture-terminal.js";
import { runCommandLine } from "../command-line.js";

async function run(...args: string[]) {
  const terminal = captureTerminal();
  return [await runCommandLine(["segment", ...args, "--quiet"], terminal), terminal.errText()];
}

test("lists must fit what is given, and are asked for", async () => {
  expect(await run("--picks", "a.star")).toEqual([
    2,
    expect.stringContaining("--picks are positions in a tomogram, and no tomogram is given\n"),
  ]);
  expect(await run("t.mrc", "--particles", "a.star")).toEqual([
    2,
    expect.stringContaining("Call the list --picks to cut boxes out of the tomogram"),
  ]);
  expect(await run("t.mrc")).toEqual([
    2,
    expect.stringContaining("Give --particles FILE, or a tomogram and --picks FILE."),
  ]);
  expect(await run("--particles", "a.star", "--zarr")).toEqual([2, expect.stringContaining("need a tomogram")]);
  expect(await run("--particles", "a.star", "--tomogram-name", "TS_1")).toEqual([
    2,
    expect.stringContaining("--tomogram-name names the tomogram, and none is given"),
  ]);
});

test("formats and kinds are checked by name", async () => {
  expect(await run("t.mrc", "--picks", "a.star", "--surfaces", "none,stl")).toEqual([
    2,
    expect.stringContaining("Give none alone."),
  ]);
  expect(await run("t.mrc", "--picks", "a.star", "--surfaces", "obj")).toEqual([
    2,
    expect.stringContaining("Choose one of stl, ply, glb, none."),
  ]);
  expect(await run("t.mrc", "--picks", "a.star", "--crf", "on")).toEqual([
    2,
    expect.stringContaining("Choose one of off, fitted, paper."),
  ]);
});

test("a tomogram that is not there is an error of the input", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cosnet-segment-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const list = join(folder, "picks.csv"); // the list is read first: it may state the contrast
  await writeFile(list, "x,y,z\n10,10,10\n");
  expect(await run("nowhere.mrc", "--picks", list)).toEqual([
    1,
    expect.stringContaining("nowhere.mrc: cannot be read: there is no such file or folder"),
  ]);
});
