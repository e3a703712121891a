import { Command, CommanderError, type Option } from "commander";
import { packageVersion } from "../files/package/index.js";
import type { CommandDeclaration } from "./command-declaration.js";
import { ALL_COMMANDS } from "./commands/index.js";
import { exitCodeOf, explainError } from "./explain-error.js";
import { printable, shortened } from "./printable.js";
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
  const args = withTodaysNames(typed, (notice) => terminal.err(`cosnet: ${notice}\n`));
  const program = new Command("cosnet")
    .description("Identify and segment macromolecules in cryo-electron tomograms from one example per class.")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(usageErrorLine(text, args, program)),
    })
    .configureHelp({ helpWidth: 100, optionDescription: describeOption })
    .action((_options: unknown, command: Command) => command.outputHelp())
    .addHelpText("after", "\nStart with: cosnet demo\nHelp on a command: cosnet <command> --help");
  for (const declare of commands) declare(program, terminal);
  const names = program.commands.map((command) => command.name());
  const first = args.find((argument) => !argument.startsWith("-"));
  if (first !== undefined && args[0] === first && !names.includes(first)) {
    terminal.err(usageErrorLine(`unknown command '${first}'${suggestion(first, names)}`, args, program));
    return 2;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has already printed it
    if (error instanceof AlreadyExplained) return 1;
    terminal.err(explainError(error, { debug: args.includes("--debug") }));
    return exitCodeOf(error);
  }
}

/** The description with the default as it would be typed: "2,4,6" and "inf" instead of [2,4,6] and null. */
function describeOption({ description, defaultValue }: Option): string {
  if (defaultValue === undefined || typeof defaultValue === "boolean") return description;
  return `${description} (default: ${String(defaultValue).replaceAll("Infinity", "inf")})`;
}

/** Commander's "error: unknown option '--x'\n(Did you mean --y?)" as one line, with where to find help. */
function usageErrorLine(text: string, args: readonly string[], program: Command): string {
  const message = text.replace(/^error: /, "").trim();
  const dash = /^unknown option '(-[^'-][^']*[./][^']*)'/.exec(message);
  const advice = dash ? `. To name a file of that name, write ./${dash[1]}` : "";
  const line = printable(shortened(message.replace(/\s*\n\s*/g, " "), 300)) + advice;
  const command = program.commands.find((candidate) => candidate.name() === args[0]);
  const nested = command?.commands.find((candidate) => candidate.name() === args[1]);
  const help = ["cosnet", command?.name(), nested?.name(), "--help"].filter((word) => word !== undefined).join(" ");
  return `cosnet: ${line}${/[.?!)]$/.test(line) ? "" : "."} See ${help}\n`;
}

function suggestion(word: string, known: readonly string[]): string {
  const close = known
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  return close ? `. Did you mean ${close.name}?` : `. Commands: ${known.join(", ")}`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = rows[i - 1]![j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      let best = Math.min(replace, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
