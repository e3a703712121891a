import { isCosnetError } from "../errors.js";
import { onOneLine, printable, shortened } from "./printable.js";

/** Exit code of a failed command: 130 interrupted, 2 wrong options, 1 anything else. */
export function exitCodeOf(error: unknown): number {
  if (!isCosnetError(error)) return 1;
  return error.tag === "abort" ? 130 : error.tag === "config" ? 2 : 1;
}

/** What the user reads: one line and a hint for what they can mend; "a bug" for what they cannot. Ends with a newline. */
export function explainError(error: unknown, { debug }: { debug: boolean }): string {
  const stack = debug && error instanceof Error ? `${stackWithCauses(error)}\n` : "";
  if (isCosnetError(error))
    return `cosnet: ${[error.message, error.hint || []].flat().map(singleLine).join("\n  ")}\n${stack}`;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const advice = debug ? "" : " Run it again with --debug and report what it prints.";
  return `cosnet: ${singleLine(message)}\n  This is a bug in cosnet.${advice}\n${stack}`;
}

/** File names and values that messages repeat may be anything, and a million characters long. */
function singleLine(text: string): string {
  return printable(shortened(onOneLine(text), LONGEST_LINE));
}

const LONGEST_LINE = 600;

function stackWithCauses(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackWithCauses(error.cause)}` : own;
}
