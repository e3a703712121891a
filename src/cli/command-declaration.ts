import type { Command, Option } from "commander";
import { DEFAULT_SEED } from "../progress.js";
import { commandText } from "./command-text.js";
import { addOptions, flag, type OptionTable, option, type ValuesOf } from "./option.js";
import { integerOption } from "./option-values.js";
import { type Outcome, runAction, type WorkProgress } from "./run-action.js";
import type { Terminal } from "./terminal.js";

/** Adds one command to the program, or to the command above it. */
export type CommandDeclaration = (parent: Command, terminal: Terminal) => void;

/** Lines for the end of a command's help, each with what it does. */
type Examples = readonly (readonly [line: string, meaning: string])[];

/** Options that every command takes. */
const commonOptions = {
  seed: option("<integer>", "seed of all random choices", integerOption(0), DEFAULT_SEED),
  json: flag("print one machine-readable summary on standard output"),
  quiet: flag("show no progress"),
  debug: flag("show where in the code an error arose"),
};

type Flags<Table> = ValuesOf<Table> & ValuesOf<typeof commonOptions>;

/** How a command was called. */
interface Call {
  /** The command as it can be typed again, to stand in what is written. */
  readonly command: string;
  /** Whether an option, by its key in the table, was given rather than left at its default. */
  readonly isGiven: (key: string) => boolean;
  readonly terminal: Terminal;
  /** The program with all its commands. */
  readonly program: Command;
}

interface Declaration<Table extends OptionTable> {
  readonly name: string;
  readonly description: string;
  /** Arguments and options, in the order of help. */
  readonly options: Table;
  readonly examples: Examples;
  /** Does the work. It must load its job lazily, so that `--help` stays instant. */
  readonly run: (flags: Flags<Table>, progress: WorkProgress, call: Call) => Promise<Outcome>;
  /** Commands beneath it. Their required options are their own. */
  readonly commands?: readonly CommandDeclaration[];
  /** Runs where the command above is called without the name of one beneath it. */
  readonly isDefault?: boolean;
}

/** A command from one declaration: what it is called and does, its options with their types and texts, and its work. */
export function declareCommand<const Table extends OptionTable>(declaration: Declaration<Table>): CommandDeclaration {
  const { name, description, options, examples, run, commands = [], isDefault = false } = declaration;
  return (parent, terminal) => {
    const command = describe(parent.command(name, { isDefault }), description, examples);
    addOptions(command, { ...options, ...commonOptions });
    const required = takeRequired(command);
    command.action(() => {
      const missing = required.find((part) => command.getOptionValue(part.attributeName()) === undefined);
      if (missing) command.error(`error: required option '${missing.flags}' not specified`);
      // The table says how each value is parsed and of which type it is; the compiler cannot follow it through commander.
      const flags = { ...argumentsOf(command), ...command.opts() } as Flags<Table>;
      const isGiven = (key: string) => command.getOptionValueSource(key) === "cli";
      return runAction(terminal, flags, (progress) =>
        run(flags, progress, { command: commandText(command), isGiven, terminal, program: programOf(command) }),
      );
    });
    for (const declare of commands) declare(command, terminal);
  };
}

/** A command that does nothing itself and lists those beneath it. */
export function declareGroup({
  name,
  description,
  examples,
  commands,
  usage,
}: Pick<Declaration<OptionTable>, "name" | "description" | "examples"> & {
  readonly commands: readonly CommandDeclaration[];
  readonly usage?: string;
}): CommandDeclaration {
  return (parent, terminal) => {
    const group = describe(parent.command(name), description, examples).action(() => group.outputHelp());
    if (usage !== undefined) group.usage(usage).helpCommand(false);
    for (const declare of commands) declare(group, terminal);
  };
}

/**
 * The options that must be given, no longer marked as such: commander would miss them before it looks at what it does not know, a
 * mistyped name of the same option, say, and also where a command beneath is called.
 */
function takeRequired(command: Command): Option[] {
  const required = command.options.filter((part) => part.mandatory);
  for (const part of required) part.makeOptionMandatory(false);
  return required;
}

function describe(command: Command, description: string, examples: Examples): Command {
  const lines = examples.map(([line, meaning]) => `  ${line}\n      ${meaning}`);
  return command
    .description(description)
    .enablePositionalOptions() // what follows the name of a command beneath is for that one
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

function programOf(command: Command): Command {
  return command.parent ? programOf(command.parent) : command;
}

function argumentsOf(command: Command): Record<string, unknown> {
  return Object.fromEntries(command.registeredArguments.map((part, i) => [part.name(), command.processedArgs[i]]));
}
