import { Command, CommanderError, type Option } from "commander";
import { packageVersion } from "../files/package/index.js";
import { calledCommand, optionNames, pathOf } from "./called-command.js";
import type { CommandDeclaration } from "./command-declaration.js";
import { ALL_COMMANDS } from "./commands/index.js";
import { exitCodeOf, explainError } from "./explain-error.js";
import { onOneLine, printable, shortened } from "./printable.js";
import { withTodaysNames } from "./renamed-options.js";
import { AlreadyExplained } from "./run-action.js";
import type { Terminal } from "./terminal.js";

/**
 * Runs `cosnet` with the given arguments (without the interpreter and script) and gives the exit code: 0 done, 1 failed,
 * 2 wrong usage, 130 interrupted. Never throws and never exits the process.
 */
export async function runCommandLine(
  typed: readonly string[],
  terminal: Terminal,
  commands: readonly CommandDeclaration[] = ALL_COMMANDS,
): Promise<number> {
  const program = new Command("cosnet")
    .description("Identify and segment macromolecules in cryo-electron tomograms from one example per class.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false) // `helpAsOption` knows nested commands, too
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(usageErrorLine(text, calledCommand(program, typed), program)),
    })
    .configureHelp({ helpWidth: 100, optionDescription: describeOption })
    .addHelpText("after", "\nStart with: cosnet demo\nHelp on a command: cosnet help <command>");
  for (const declare of commands) declare(program, terminal);
  const options = optionNames(calledCommand(program, typed));
  const args = withTodaysNames(
    helpAsOption(typed, program),
    (name) => options.has(name),
    (notice) => terminal.err(`cosnet: ${notice}\n`),
  );
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has already printed it
    if (error instanceof AlreadyExplained) return 1;
    terminal.err(explainError(error, { debug: args.includes("--debug"), options }));
    return exitCodeOf(error);
  }
}

/** `cosnet help pick` as `cosnet pick --help`; nothing at all as `cosnet --help`. What follows `help` must name a command. */
function helpAsOption(args: readonly string[], program: Command): readonly string[] {
  if (args.length === 0) return ["--help"];
  if (args[0] !== "help") return args;
  const path = args.slice(1).filter((argument) => !/^(-h|--help)$/.test(argument));
  const found = pathOf(calledCommand(program, path)).length - 1;
  return found < path.length ? path : [...path, "--help"];
}

/** The description with the default as it would be typed: "2,4,6" and "inf" instead of [2,4,6] and null. */
function describeOption({ description, defaultValue }: Option): string {
  if (defaultValue === undefined || typeof defaultValue === "boolean") return description;
  return `${description} (default: ${String(defaultValue).replaceAll("Infinity", "inf")})`;
}

/** Commander's "error: unknown option '--x'\n(Did you mean --y?)" as one line, with where to find help. */
function usageErrorLine(text: string, called: Command, program: Command): string {
  const names = program.commands.map((command) => command.name()).join(", ");
  const message = text
    .replace(/^error: /, "")
    .trim()
    .replace(/^(unknown command '.*')\s+\((.*)\)$/s, "$1. $2")
    .replace(/^unknown command '.*'$/s, `$&. Commands: ${names}`);
  const dash = /^unknown option '(-[^'-][^']*[./][^']*)'/.exec(message);
  const advice = dash ? `. To name a file of that name, write ./${dash[1]}` : "";
  const line = printable(shortened(onOneLine(message), 300)) + advice;
  return `cosnet: ${line}${/[.?!)]$/.test(line) ? "" : "."} See ${pathOf(called).join(" ")} --help\n`;
}
