import type { Command } from "commander";

/** The command that arguments call: the program itself, one of its commands, or one beneath that. */
export function calledCommand(program: Command, args: readonly string[]): Command {
  let called = program;
  for (const name of args[0] === "help" ? args.slice(1) : args) {
    const next = called.commands.find((command) => command.name() === name);
    if (next === undefined) break;
    called = next;
  }
  return called;
}

/** The names that lead to a command, the program's first. */
export function pathOf(command: Command): string[] {
  return command.parent ? [...pathOf(command.parent), command.name()] : [command.name()];
}

/** The options of a command as they are typed, such as "--voxel-size". */
export function optionNames(command: Command): ReadonlySet<string> {
  return new Set(command.options.flatMap(({ long }) => long ?? []));
}
