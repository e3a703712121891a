import type { Command } from "commander";
import { shellWord } from "../jobs/command-text/index.js";
import { flagName } from "./option.js";

/** Options that say how to report, not what to do. */
const LEFT_OUT: ReadonlySet<string> = new Set(["json", "quiet", "debug"]);

/** A command as it can be typed again, in its shortest form: arguments, then the options that are not at their defaults. */
export function commandText(command: Command): string {
  const names: string[] = [];
  for (let part: Command | null = command; part !== null; part = part.parent) names.unshift(part.name());
  const parts = [...names, ...command.args.map(shellWord)];
  for (const [key, value] of Object.entries(command.opts()) as [string, unknown][]) {
    if (LEFT_OUT.has(key) || command.getOptionValueSource(key) === "default") continue;
    parts.push(`--${value === false ? "no-" : ""}${flagName(key)}`);
    if (typeof value === "boolean") continue;
    const values = [value].flat().map((one) => (one === Number.POSITIVE_INFINITY ? "inf" : String(one)));
    const { variadic } = command.options.find((option) => option.attributeName() === key) ?? {};
    parts.push(...(variadic ? values.map(shellWord) : [shellWord(values.join(","))])); // words, or one list with commas
  }
  return parts.join(" ");
}
