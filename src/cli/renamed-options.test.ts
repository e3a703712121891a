import { expect, test } from "vitest";
import { captureTerminal } from "../../test/capture-terminal.js";
import { runCommandLine } from "./command-line.js";
import { withTodaysNames } from "./renamed-options.js";

function renamed(...args: string[]) {
  const notices: string[] = [];
  return {
    args: withTodaysNames(
      args,
      () => true,
      (notice) => notices.push(notice),
    ),
    notices,
  };
}

test.each([
  ["--support", "--examples"],
  ["--supports", "--examples"],
  ["--support-tomogram", "--examples-tomogram"],
  ["--support-seeds", "--example-draws"],
  ["--average-turns", "--test-time-averaging"],
])("%s still works, as %s, with a notice", (old, today) => {
  expect(renamed("pick", old, "a", "b")).toEqual({
    args: ["pick", today, "a", "b"],
    notices: [`${old} is now ${today}; the old name will go with the next version`],
  });
  expect(renamed(`${old}=a=b`).args).toEqual([`${today}=a=b`]);
});

test("an old name given twice is told once; today's names and values are left alone", () => {
  expect(renamed("--support", "a", "--support", "b").notices).toHaveLength(1);
  expect(renamed("--examples", "support", "--output", "--supporting").notices).toEqual([]);
});

test("a command without today's option names the old one as unknown", async () => {
  const terminal = captureTerminal();
  expect(await runCommandLine(["info", "x.mrc", "--supports", "a"], terminal)).toBe(2);
  expect(terminal.errText()).toBe("cosnet: unknown option '--supports'. See cosnet info --help\n");
});

test("the notice is on standard error, also with --quiet, and help knows today's name only", async () => {
  const terminal = captureTerminal();
  const args = ["classify", "--support", "none.star", "--particles", "none.star", "--quiet"];
  expect(await runCommandLine(args, terminal)).toBe(1);
  expect(terminal.errText()).toMatch(/^cosnet: --support is now --examples; .*\ncosnet: none\.star: /);
  for (const command of ["pick", "classify", "segment", "cluster", "benchmark"]) {
    const help = captureTerminal();
    await runCommandLine([command, "--help"], help);
    expect(help.outText()).not.toMatch(/--support|--average-turns/);
  }
});
