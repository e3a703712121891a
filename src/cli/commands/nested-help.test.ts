import { expect, test } from "vitest";
import { captureTerminal } from "../../../test/capture-terminal.js";
import { runCommandLine } from "../command-line.js";

test.each([
  ["simulate", "particles"],
  ["simulate", "tomogram"],
  ["structures", "fetch"],
  ["train", "detector"],
  ["crf", "fit"],
])("cosnet %s %s --help has examples", async (command, nested) => {
  const terminal = captureTerminal();
  expect(await runCommandLine([command, nested, "--help"], terminal)).toBe(0);
  expect(terminal.outText()).toContain(`Examples:\n  cosnet ${command}`);
  await expect(terminal.outText()).toMatchFileSnapshot(`../golden/help-${command}-${nested}.txt`);
});

test("wrong usage of nested commands is one line and exit code 2", async () => {
  const run = async (...args: string[]) => {
    const terminal = captureTerminal();
    return [await runCommandLine(args, terminal), terminal.errText()];
  };
  expect(await run("simulate", "tomogram", "--size", "5,5", "--output", "x")).toEqual([
    2,
    "cosnet: option '--size <x,y,z>' argument '5,5' is invalid. Give three whole numbers from 16 to 4096, such as 600,600,300. See cosnet simulate tomogram --help\n",
  ]);
  expect(await run("simulate", "tomogram", "--output", "x", "--quiet")).toEqual([
    2,
    expect.stringMatching(/^cosnet: give either --structures or --procedural\n/),
  ]);
  expect(await run("structures", "fetch", "ribosome", "--quiet")).toEqual([
    2,
    expect.stringMatching(/^cosnet: "ribosome" is neither a PDB entry nor a set of them\n/),
  ]);
});
