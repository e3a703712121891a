import { Argument, type Command, Option } from "commander";
import type { ChoiceParser } from "./option-values.js";

/**
 * The declarations a command's table consists of: each gives the parser, the line of help and the type of one value.
 * The key in the table names the flag: `voxelSize` is `--voxel-size`.
 */
export interface Declared<Value> {
  /** What commander is given, for a flag such as "voxel-size". */
  readonly parts: (flag: string) => readonly (Option | Argument)[];
  /** For the compiler alone, which reads off it what type of value the command gets. */
  readonly value?: Value;
}

export type OptionTable = Readonly<Record<string, Declared<unknown>>>;

/** What a command gets: a value for each key of its table. */
export type ValuesOf<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Declared<infer Value> ? Value : never;
};

/** `<list...>` takes several values, `[list]` may also stand without one. */
type Taken<Brackets extends string, One> = Brackets extends `${string}...${string}`
  ? One[]
  : Brackets extends `[${string}`
    ? One | true
    : One;

/**
 * An option with a value.
 * @param brackets what help calls the value, such as "<angstrom>", "<files...>" or "[list]".
 * @param parse turns each text into a value; throws commander's InvalidArgumentError.
 * @param fallback its value when it is not given.
 */
export function option<const Brackets extends string, One = string>(
  brackets: Brackets,
  description: string,
  parse?: (text: string) => One,
): Declared<Taken<Brackets, NoInfer<One>> | undefined>;
export function option<const Brackets extends string, One>(
  brackets: Brackets,
  description: string,
  parse: (text: string) => One,
  fallback: NoInfer<Taken<Brackets, One>>,
): Declared<Taken<Brackets, One>>;
export function option(
  brackets: string,
  description: string,
  parse?: (text: string) => unknown,
  fallback?: unknown,
): Declared<unknown> {
  return {
    parts(flag) {
      const part = new Option(`--${flag} ${brackets}`, description).default(fallback);
      if (parse && "choices" in parse) part.argChoices = [...(parse as ChoiceParser<string>).choices];
      if (!parse) return [part];
      // With a parser of its own an option of several values is not collected by commander.
      return [part.variadic ? part.argParser(collected(parse)) : part.argParser(parse)];
    },
  };
}

function collected<One>(parse: (text: string) => One): (text: string, earlier: readonly One[] | undefined) => One[] {
  return (text, earlier = []) => [...earlier, parse(text)];
}

/** The same option, without which the command does not run. */
export function required<Value>(declared: Declared<Value | undefined>): Declared<Value> {
  return {
    parts: (flag) => declared.parts(flag).map((part) => (part instanceof Option ? part.makeOptionMandatory() : part)),
  };
}

/** Something that is off unless the flag is given. */
export function flag(description: string): Declared<boolean> {
  return { parts: (name) => [new Option(`--${name}`, description).default(false)] };
}

/** Something that is on unless it is switched off with `--no-...`. */
export function onUnlessNot(description: string): Declared<boolean> {
  return { parts: (name) => [new Option(`--no-${name}`, description)] };
}

/** Something that is found out unless it is said: `--name`, `--no-name`, or neither. */
export function eitherWay(yes: string, no: string): Declared<boolean | undefined> {
  return { parts: (name) => [new Option(`--${name}`, yes), new Option(`--no-${name}`, no)] };
}

interface ArgumentValues {
  readonly one: string;
  readonly several: string[];
  readonly optional: string | undefined;
  readonly any: string[];
}

/** A value without a flag. Its key in the table, one word, is what help calls it. */
export function argument<Shape extends keyof ArgumentValues>(
  shape: Shape,
  description: string,
): Declared<ArgumentValues[Shape]> {
  const brackets = (key: string) =>
    ({ one: `<${key}>`, several: `<${key}...>`, optional: `[${key}]`, any: `[${key}...]` })[shape];
  return { parts: (key) => [new Argument(brackets(key), description)] };
}

/** "voxelSize" as a flag is "voxel-size". */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Adds all of a table, in its order. */
export function addOptions(command: Command, table: OptionTable): void {
  for (const [key, { parts }] of Object.entries(table)) {
    for (const part of parts(flagName(key))) {
      if (part instanceof Option) command.addOption(part);
      else command.addArgument(part);
    }
  }
}
