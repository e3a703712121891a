/** Steps of a recipe, read by the declarations of the verbs whose options they are. */
import { Command, CommanderError } from "commander";
import { ConfigError, FormatError } from "../errors.js";
import { addOptions, flagName, type OptionTable, type ValuesOf } from "./option.js";

/** Which verb a step is of, and which of its options a recipe cannot have. */
interface StepDeclaration<Table extends OptionTable, Left extends keyof Table> {
  readonly verb: string;
  readonly table: Table;
  /** Inputs and outputs, which the batch itself decides. */
  readonly leftOut: readonly Left[];
  /** Other options that the step cannot have, by their names: why, and what to do. */
  readonly refusals?: Readonly<Record<string, readonly [reason: string, hint: string]>>;
  /** The verb whose help lists the options, where that is another. */
  readonly helpOf?: string;
  /** The recipe, for messages. */
  readonly where: string;
}

/**
 * The flags of a verb, as its command line would read the step: names without dashes ("cut-off"), true and false for what takes no
 * value, lists for what takes several.
 * @throws FormatError for a step of another form; ConfigError for an option that the verb does not have, or a value that it refuses.
 */
export function stepFlags<const Table extends OptionTable, const Left extends keyof Table = never>(
  step: unknown,
  { verb, table, leftOut, refusals = {}, helpOf = verb, where }: StepDeclaration<Table, Left>,
): Omit<ValuesOf<Table>, Left> {
  if (typeof step !== "object" || step === null || Array.isArray(step))
    throw new FormatError(`${verb} is ${JSON.stringify(step)}, and not its options`, where, {
      hint: `Write {"${verb}": {}} for a step with the defaults.`,
    });
  const forbidden = new Set(leftOut.map((key) => flagName(String(key))));
  const own = Object.fromEntries(Object.entries(table).filter(([key]) => !forbidden.has(flagName(key))));
  const command = new Command(verb)
    .exitOverride()
    .helpOption(false)
    .configureOutput({ writeErr() {}, outputError() {} });
  addOptions(command, own);
  const known = new Set(command.options.map(({ long }) => long?.slice(2)));
  const words = Object.entries(step).flatMap(([name, value]: [string, unknown]) => {
    const refusal = Object.hasOwn(refusals, name) && refusals[name];
    if (refusal) throw new ConfigError(`${verb}: ${name}: ${refusal[0]}`, { where, hint: refusal[1] });
    if (forbidden.has(name))
      throw new ConfigError(`${verb}: ${name} is for the batch to decide`, {
        where,
        hint: "Leave it out of the recipe.",
      });
    const canBeOff = known.has(`no-${name}`);
    if (!known.has(name) && !canBeOff) return [`--${value === false ? "no-" : ""}${name}`]; // to be refused, with a name like it
    if (typeof value !== "boolean") return wordsOf(command, name, value, where);
    if (value) return known.has(name) ? [`--${name}`] : [];
    return canBeOff ? [`--no-${name}`] : [];
  });
  try {
    command.parse(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw refused(error, verb, helpOf, where);
    throw error;
  }
  // The table says how each value is parsed and of which type it is; the compiler cannot follow it through commander.
  return command.opts() as Omit<ValuesOf<Table>, Left>;
}

/** Several values as words, or as one with commas where the option takes those. */
function wordsOf(command: Command, name: string, value: unknown, where: string): string[] {
  const values = [value].flat();
  const odd = values.find((one) => typeof one !== "string" && typeof one !== "number");
  if (odd !== undefined || values.length === 0)
    throw new FormatError(
      `${command.name()}: ${name} is ${JSON.stringify(value)}, and not a text, a number or a list`,
      where,
    );
  const { variadic } = command.options.find(({ long }) => long === `--${name}`) ?? {};
  return variadic ? values.map((one) => `--${name}=${one}`) : [`--${name}=${values.join(",")}`];
}

/** "error: unknown option '--cut-of=1'\n(Did you mean --cut-off?)" without dashes, and with the advice apart. */
function refused({ message }: CommanderError, verb: string, helpOf: string, where: string): ConfigError {
  const [said = "", advice] = message.replace(/^error: /, "").split("(Did you mean ");
  const nearest = advice?.replace("?)", "").replaceAll("--", "");
  const text = said.replaceAll("\n", " ").replaceAll("'--", "'").trim();
  return new ConfigError(`${verb}: ${text}`, {
    where,
    hint: nearest ? `Did you mean ${nearest}?` : `cosnet ${helpOf} --help lists its options.`,
  });
}
