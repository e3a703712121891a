import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { captureTerminal } from "../../../test/capture-terminal.js";
import { runCommandLine } from "../command-line.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-convert-command-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

async function convert(...arguments_: string[]) {
  const terminal = captureTerminal();
  const code = await runCommandLine(["convert", ...arguments_], terminal);
  return { code, out: terminal.outText(), err: terminal.errText() };
}

writeFileSync(path("picks.csv"), "x,y,z,class\n1,2,3,a\n4,5,6,b\n");

test("a list to a list, with what its coordinates count in", async () => {
  const { code, out, err } = await convert(path("picks.csv"), path("picks.tbl"), "--voxel-size", "10", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    from: "csv",
    to: "dynamo",
    summary: "2 particles as dynamo, in voxels of 10 Å",
  });
  expect(err).toContain("classes are numbered: 1 = a, 2 = b");
  expect(readFileSync(path("picks.tbl"), "utf8").split("\n")[0]!.split(" ").slice(23, 26)).toEqual(["2", "3", "4"]);
});

test("{class} writes a file for each; what would be lost needs --lossy", async () => {
  const sized = ["--voxel-size", "10"];
  const refused = await convert(path("picks.tbl"), path("{class}.coords"), ...sized);
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringContaining("no room for the orientations of 1 particle"),
  });
  expect(existsSync(path("1.coords"))).toBe(false);
  expect((await convert(path("picks.tbl"), path("{class}.coords"), ...sized, "--lossy")).code).toBe(0);
  expect(readFileSync(path("2.coords"), "utf8")).toBe("4 5 6\n");
});

test.each([
  [["--size", "512,512"], "Give three whole numbers of voxels, e.g. 512,512,200."],
  [["--size", "512,512,0"], "Give three whole numbers of voxels"],
  [["--to", "imagic"], "Choose one of relion5"],
  [["--size", "10,10,10"], "the voxel size is not known"],
])("%j is a usage error", async (flags, message) => {
  const { code, err } = await convert(path("picks.csv"), path("x.star"), ...flags);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
