import { expect, test } from "vitest";
import { captureTerminal } from "../../../test/capture-terminal.js";
import { runCommandLine } from "../command-line.js";
import { benchmarkCommand } from "./benchmark.js";

async function run(...args: string[]) {
  const terminal = captureTerminal();
  const code = await runCommandLine(["benchmark", "--structures", "absent", ...args], terminal, [benchmarkCommand]);
  return { code, text: terminal.errText() };
}

test("options that would do nothing are refused", async () => {
  for (const [given, message] of [
    [["--output", "hard"], "--output does nothing without --suite"],
    [["--data", "data"], "--data does nothing without --suite"],
    [["--suite", "hard", "--ways", "2"], "--ways does nothing with --suite"],
    [["--suite", "hard", "--held-out"], "--held-out does nothing with --suite"],
    [["--suite", "hard", "--robustness"], "--robustness does nothing with --suite"],
  ] as const) {
    const { code, text } = await run(...given);
    expect(code).toBe(2);
    expect(text).toContain(message);
  }
});

test("there is one suite", async () => {
  expect((await run("--suite", "easy")).text).toContain("Choose one of hard.");
});
