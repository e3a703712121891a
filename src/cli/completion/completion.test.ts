import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { captureTerminal } from "../../../test/capture-terminal.js";
import { runCommandLine } from "../command-line.js";

async function scriptFor(shell: string): Promise<string> {
  const terminal = captureTerminal();
  expect(await runCommandLine(["completion", shell], terminal)).toBe(0);
  return terminal.outText();
}

const hasShell = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

test.skipIf(!hasShell("bash"))("bash completes commands, options and values", async () => {
  const script = await scriptFor("bash");
  const completed = (...words: string[]) => {
    const line = words.map((word) => `'${word}'`).join(" ");
    const call = `COMP_WORDS=(cosnet ${line}); COMP_CWORD=${words.length}; _cosnet; echo "\${COMPREPLY[*]}"`;
    return spawnSync("bash", ["-c", `${script}\n${call}`], { encoding: "utf8" })
      .stdout.trim()
      .split(" ");
  };
  expect(completed("cl")).toEqual(["classify", "cluster"]);
  expect(completed("")).toEqual(expect.arrayContaining(["pick", "completion", "--help"]));
  expect(completed("pick", "a.mrc", "--exam")).toEqual(["--examples", "--examples-tomogram"]);
  expect(completed("convert", "--byte-order", "")).toEqual(["little", "big"]);
  expect(completed("simulate", "t")).toEqual(["tomogram"]);
  expect(completed("simulate", "tomogram", "--pres")).toEqual(["--preset"]);
  expect(completed("pick", "tomo")).toEqual([""]); // a file name, which bash completes itself
});

test.each(["bash", "zsh", "fish"])(
  "the script for %s knows nested commands, and its shell can read it",
  async (shell) => {
    const script = await scriptFor(shell);
    for (const word of ["simulate tomogram", "voxel-size", "structures fetch"]) expect(script).toContain(word);
    if (hasShell(shell)) expect(spawnSync(shell, ["-n"], { input: script, encoding: "utf8" }).stderr).toBe("");
  },
);

test("another shell is refused", async () => {
  const terminal = captureTerminal();
  expect(await runCommandLine(["completion", "tcsh"], terminal)).toBe(2);
  expect(terminal.errText()).toBe('cosnet: there is no completion for "tcsh"\n  Say bash, zsh or fish.\n');
});
