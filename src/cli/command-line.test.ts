import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { captureTerminal } from "../../test/capture-terminal.js";
import { AbortError, ConfigError, FileError } from "../errors.js";
import { declareCommand } from "./command-declaration.js";
import { runCommandLine } from "./command-line.js";
import { ALL_COMMANDS } from "./commands/index.js";
import { withResumeHint } from "./commands/train/resume-hint.js";
import { option, required } from "./option.js";
import { integerOption, listOption, snrOption } from "./option-values.js";

const FAILURES: Record<string, () => unknown> = {
  config: () => new ConfigError("the option --ways asks for 9 classes; there are 8", { hint: "Ask for fewer." }),
  file: () => new FileError("no such file", "a/b.mrc", { cause: new Error("ENOENT") }),
  abort: () => new AbortError("stopped before the end"),
  bug: () => new TypeError("x is\nnot a function"),
  memory: () => new RangeError("Array buffer allocation failed"),
  length: () => new RangeError("Invalid typed array length: 9000000000"),
  kernel: () => Object.assign(new Error("ENOMEM: not enough memory, read"), { code: "ENOMEM" }),
  stack: () => new RangeError("Maximum call stack size exceeded"),
  hint: () => new ConfigError("x is wrong", { hint: "Give it with --other. Give --ways. Use cosnet info --other." }),
  string: () => "thrown text",
};

const fake = declareCommand({
  name: "fake",
  description: "a command for tests",
  options: {
    ways: option("<list>", "ways", listOption(integerOption(2)), [2]),
    snr: option("<list>", "signal-to-noise ratios", listOption(snrOption), [Infinity]),
    fail: option("<kind>", "fail in this way"),
    pairs: option("<a=b...>", "pairs", (text) => text.split("=")),
  },
  examples: [["cosnet fake", "does nothing"]],
  async run({ ways, snr, fail, pairs }, { onProgress, onWarning, signal }, { terminal }) {
    onProgress({ stage: "working", done: 1, total: 2 });
    if (fail === "warning") onWarning("the header says 1 Å");
    if (fail === "dom") {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      signal.throwIfAborted();
    }
    if (fail === "interrupt") {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw FAILURES.abort!();
    }
    if (fail && fail !== "warning") throw FAILURES[fail]!();
    if ("advance" in terminal) (terminal as ReturnType<typeof captureTerminal>).advance(2000);
    onProgress({ stage: "working", done: 2, total: 2 });
    return { text: "all done", summary: { ways, snr, pairs, data: Float32Array.of(1, NaN) } };
  },
});

const needy = declareCommand({
  name: "needy",
  description: "a command that needs an option",
  options: { ways: required(option("<list>", "ways")) },
  examples: [["cosnet needy --ways 2", "does nothing"]],
  run: async () => ({ text: "", summary: {} }),
});

async function run(...args: string[]) {
  const terminal = captureTerminal();
  const code = await runCommandLine(args, terminal, [fake, needy]);
  return { code, out: terminal.outText(), err: terminal.errText() };
}

describe("results", () => {
  test("text goes to standard output, progress to standard error", async () => {
    expect(await run("fake")).toEqual({
      code: 0,
      out: "all done\n",
      err: "working: 2 of 2 (100 %), 0.50/s, took 2 s\n",
    });
  });
  test("--json prints one line with version and seed; infinity is the word that options accept", async () => {
    const { code, out } = await run("fake", "--json", "--quiet", "--snr", "inf,0.5", "--seed", "11");
    expect(code).toBe(0);
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(out)).toEqual({
      cosnet: expect.stringMatching(/^\d+\.\d+\.\d+/),
      seed: 11,
      ways: [2],
      snr: ["inf", 0.5],
      data: [1, null],
    });
  });
  test("an option of several values with a parser keeps all of them, given at once or one by one", async () => {
    const expected = [
      ["a", "b"],
      ["c", "d"],
    ];
    expect(JSON.parse((await run("fake", "--json", "--pairs", "a=b", "c=d")).out).pairs).toEqual(expected);
    expect(JSON.parse((await run("fake", "--json", "--pairs", "a=b", "--pairs", "c=d")).out).pairs).toEqual(expected);
  });
  test("--quiet shows no progress", async () => {
    expect((await run("fake", "--quiet")).err).toBe("");
  });
  test("-h, help, -V and no arguments", async () => {
    const { out } = await run("--help");
    for (const args of [[], ["-h"], ["help"], ["help", "--help"]])
      expect(await run(...args), args.join()).toEqual({ code: 0, out, err: "" });
    const command = await run("fake", "--help");
    expect(command.out).toContain("Usage: cosnet fake");
    for (const args of [
      ["fake", "-h"],
      ["help", "fake"],
      ["fake", "--wyas", "-h"],
    ])
      expect(await run(...args), args.join()).toEqual(command);
    expect(await run("-V")).toEqual(await run("--version"));
  });
  test("--version and no arguments", async () => {
    expect(await run("--version")).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: "" });
    const help = await run();
    expect(help.code).toBe(0);
    expect(help.out).toContain("Usage: cosnet");
  });
});

describe("wrong usage is one line and exit code 2", () => {
  const CASES: [string[], string][] = [
    [["fakr"], "cosnet: unknown command 'fakr'. Did you mean fake? See cosnet --help\n"],
    [["frobnicate"], "cosnet: unknown command 'frobnicate'. Commands: fake, needy. See cosnet --help\n"],
    [["help", "fakr"], "cosnet: unknown command 'fakr'. Did you mean fake? See cosnet --help\n"],
    [["fake", "--versio"], "cosnet: unknown option '--versio'. See cosnet fake --help\n"],
    [["needy", "--wys", "2"], "cosnet: unknown option '--wys' (Did you mean --ways?) See cosnet needy --help\n"],
    [["needy"], "cosnet: required option '--ways <list>' not specified. See cosnet needy --help\n"],
    [["--jso"], "cosnet: unknown option '--jso'. See cosnet --help\n"],
    [["fake", "--wys", "2"], "cosnet: unknown option '--wys' (Did you mean --ways?) See cosnet fake --help\n"],
    [
      ["fake", "-odd.mrc"],
      "cosnet: unknown option '-odd.mrc'. To name a file of that name, write ./-odd.mrc. See cosnet fake --help\n",
    ],
    [["fr\u001b[31m"], "cosnet: unknown command 'fr\\x1b[31m'. Commands: fake, needy. See cosnet --help\n"],
    [["fake", "--ways"], "cosnet: option '--ways <list>' argument missing. See cosnet fake --help\n"],
    [
      ["fake", "extra"],
      "cosnet: too many arguments for 'fake'. Expected 0 arguments but got 1. See cosnet fake --help\n",
    ],
    [
      ["fake", "--ways", "2,x"],
      "cosnet: option '--ways <list>' argument '2,x' is invalid. 'x': Give a whole number of at least 2. See cosnet fake --help\n",
    ],
    [
      ["fake", "--seed", "1.5"],
      "cosnet: option '--seed <integer>' argument '1.5' is invalid. Give a whole number of at least 0. See cosnet fake --help\n",
    ],
  ];
  test.each(CASES)("%j", async (args, line) => {
    expect(await run(...args)).toEqual({ code: 2, out: "", err: line });
  });
});

describe("failures", () => {
  const failing = async (kind: string, ...more: string[]) => {
    const { code, err } = await run("fake", "--quiet", "--fail", kind, ...more);
    return { code, err };
  };
  test("a tagged error is its message and hint", async () => {
    expect(await failing("config")).toEqual({
      code: 2,
      err: "cosnet: the option --ways asks for 9 classes; there are 8\n  Ask for fewer.\n",
    });
    expect(await failing("file")).toEqual({ code: 1, err: "cosnet: a/b.mrc: no such file\n" });
    expect(await failing("abort")).toEqual({ code: 130, err: "cosnet: stopped before the end\n" });
  });
  test("anything else is called a bug, on one line, with the stack only on request", async () => {
    const bug = await failing("bug");
    expect(bug).toEqual({
      code: 1,
      err: "cosnet: TypeError: x is not a function\n  This is a bug in cosnet. Run it again with --debug and report what it prints.\n",
    });
    expect((await failing("bug", "--debug")).err).toContain("command-line.test.ts");
    expect((await failing("file", "--debug")).err).toContain("caused by Error: ENOENT");
    expect((await failing("string")).err).toContain("thrown text");
  });
  test.each(["memory", "length", "kernel"])("no memory (%s) is said as such", async (kind) => {
    expect(await failing(kind)).toEqual({
      code: 1,
      err: expect.stringMatching(/^cosnet: not enough memory \(.+\)\n {2}Close other programs, .+\n$/),
    });
  });
  test("a stack overflow is a bug", async () => {
    expect((await failing("stack")).err).toContain("This is a bug in cosnet.");
  });
  test("hints do not name options that the command lacks", async () => {
    expect((await failing("hint")).err).toBe("cosnet: x is wrong\n  Give --ways. Use cosnet info --other.\n");
  });
  test("warnings are shown even when progress is not", async () => {
    expect(await run("fake", "--quiet", "--fail", "warning")).toEqual({
      code: 0,
      out: "all done\n",
      err: "cosnet: warning: the header says 1 Å\n",
    });
  });
  test("an abort signal's own exception is an interruption, not a bug", async () => {
    const terminal = captureTerminal();
    const running = runCommandLine(["fake", "--quiet", "--fail", "dom"], terminal, [fake]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    terminal.interrupt();
    expect(await running).toBe(130);
    expect(terminal.errText()).toBe("cosnet: stopped before the end\n");
  });
  test("the first Ctrl-C aborts, the second leaves", async () => {
    const terminal = captureTerminal();
    const running = runCommandLine(["fake", "--fail", "interrupt"], terminal, [fake]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    terminal.interrupt();
    terminal.interrupt();
    expect(await running).toBe(130);
    expect(terminal.exits).toEqual([130]);
    expect(terminal.errText()).toContain("press Ctrl-C again");
    expect(terminal.listenerCount()).toBe(0);
  });
});

describe("whatever names hold", () => {
  test("an error is one line of a length to read, and steers no terminal", async () => {
    const terminal = captureTerminal();
    const odd = declareCommand({
      ...{ name: "odd", description: "", options: {}, examples: [] },
      async run(_flags, { onWarning }) {
        onWarning("the file a\nb\u001b[2J is odd");
        throw new FileError("cannot be read", `${"x".repeat(1e6)}\n\u001b[31m.mrc`);
      },
    });
    expect(await runCommandLine(["odd", "--quiet"], terminal, [odd])).toBe(1);
    const [warning, error, end, ...more] = terminal.errText().split("\n");
    expect(warning).toBe("cosnet: warning: the file a b\\x1b[2J is odd");
    expect(error).toMatch(/^cosnet: x+…x+ \\x1b\[31m\.mrc: cannot be read$/);
    expect(error!.length).toBeLessThan(700);
    expect([end, more]).toEqual(["", []]);
  });
  test("work that ends before it can be stopped says so", async () => {
    const terminal = captureTerminal();
    const stubborn = declareCommand({
      ...{ name: "stubborn", description: "", options: {}, examples: [] },
      async run(_flags, { signal }) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return { text: "result", summary: {} };
      },
    });
    const running = runCommandLine(["stubborn"], terminal, [stubborn]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    terminal.interrupt();
    expect(await running).toBe(0);
    expect(terminal.errText()).toContain("it was done before it could be stopped");
    expect(terminal.outText()).toBe("result\n");
  });
  test("a stopped training says how to go on", () => {
    const hint = "Run the same command again to continue where it was.";
    expect(withResumeHint(new AbortError("stopped"))).toMatchObject({ tag: "abort", hint });
    const other = new ConfigError("x");
    expect(withResumeHint(other)).toBe(other);
  });
});

describe("help", () => {
  test("is instant: no command imports a job before it runs", async () => {
    const folder = join(import.meta.dirname, "commands");
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(20);
    for (const file of files)
      expect(await readFile(join(folder, file), "utf8"), file).not.toMatch(/^import (?!type)[^;]*"[./]+\/jobs\//m);
  });
  const program = captureTerminal();
  test("the list of commands", async () => {
    expect(await runCommandLine(["--help"], program)).toBe(0);
    await expect(program.outText()).toMatchFileSnapshot("golden/help.txt");
  });
  const names: string[] = [];
  for (const declare of ALL_COMMANDS) {
    const collector = { command: (line: string) => names.push(line.split(" ")[0]!) };
    try {
      declare(collector as never, captureTerminal()); // only the name is wanted; the chain breaks after it
    } catch {}
  }
  test.each(names)("%s --help has examples", async (name) => {
    const terminal = captureTerminal();
    expect(await runCommandLine([name, "--help"], terminal)).toBe(0);
    expect(terminal.outText()).toContain(`Examples:\n  cosnet ${name}`);
    await expect(terminal.outText()).toMatchFileSnapshot(`golden/help-${name}.txt`);
  });
});
