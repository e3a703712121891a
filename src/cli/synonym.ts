import { type Command, Option } from "commander";

/**
 * Takes a second spelling of an option that the command has already, for those who know it from another command. The help
 * shows the first one only; of both, the last one given counts.
 * @param known flags as declared, such as "--supports <examples...>".
 * @param other the same with another name.
 */
export function withSynonym(command: Command, known: string, other: string): Command {
  const [declared, hidden] = [new Option(known), new Option(other).hideHelp()];
  command.addOption(hidden);
  command.on(`option:${hidden.name()}`, () =>
    command.setOptionValueWithSource(declared.attributeName(), command.getOptionValue(hidden.attributeName()), "cli"),
  );
  return command;
}
