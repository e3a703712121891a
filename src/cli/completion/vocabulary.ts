import type { Command } from "commander";
import { pathOf } from "../called-command.js";

/** What can be typed after one command. */
export interface Vocabulary {
  /** The command without the program's name, each part after a space: "" for the program, " simulate tomogram". */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWord[];
}

/** A word with its meaning. */
interface Word {
  readonly name: string;
  readonly description: string;
}

interface OptionWord extends Word {
  readonly takesValue: boolean;
  /** The values it may have, where these are few words. */
  readonly choices: readonly string[];
}

/** The vocabulary of a command and of all beneath it. */
export function vocabularyOf(command: Command): Vocabulary[] {
  const { visibleCommands, visibleOptions } = lists(command);
  const own: Vocabulary = {
    path: pathOf(command)
      .slice(1)
      .map((name) => ` ${name}`)
      .join(""),
    commands: visibleCommands.map((part) => ({ name: part.name(), description: firstSentence(part.description()) })),
    options: visibleOptions.map(({ long, flags, description, required, optional, argChoices }) => ({
      name: long ?? flags,
      description: firstSentence(description),
      takesValue: required || optional,
      choices: argChoices ?? [],
    })),
  };
  return [own, ...visibleCommands.flatMap(vocabularyOf)];
}

function lists(command: Command) {
  const help = command.createHelp();
  return { visibleCommands: help.visibleCommands(command), visibleOptions: help.visibleOptions(command) };
}

/** Shells show one line. */
function firstSentence(text: string): string {
  const end = text.search(/[.;:](\s|$)/);
  return (end < 0 ? text : text.slice(0, end)).slice(0, 80);
}
