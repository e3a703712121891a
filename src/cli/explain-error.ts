import { isCosnetError } from "../errors.js";
import { onOneLine, printable, shortened } from "./printable.js";

/** Exit code of a failed command: 130 interrupted, 2 wrong options, 1 anything else. */
export function exitCodeOf(error: unknown): number {
  if (!isCosnetError(error)) return 1;
  return error.tag === "abort" ? 130 : error.tag === "config" ? 2 : 1;
}

/**
 * What the user reads: one line and a hint for what they can mend; "a bug" for what they cannot. Ends with a newline.
 * @param options those of the command, such as "--voxel-size": what a hint says of others is left out.
 */
export function explainError(
  error: unknown,
  { debug, options }: { readonly debug: boolean; readonly options?: ReadonlySet<string> },
): string {
  const stack = debug && error instanceof Error ? `${stackWithCauses(error)}\n` : "";
  if (isCosnetError(error)) {
    const hint = error.hint && options ? withoutOtherOptions(error.hint, options) : error.hint;
    return `cosnet: ${[error.message, hint || []].flat().map(singleLine).join("\n  ")}\n${stack}`;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (isOutOfMemory(error)) return `cosnet: not enough memory (${singleLine(message)})\n  ${MEMORY_HINT}\n${stack}`;
  const advice = debug ? "" : " Run it again with --debug and report what it prints.";
  return `cosnet: ${singleLine(message)}\n  This is a bug in cosnet.${advice}\n${stack}`;
}

const MEMORY_HINT = "Close other programs, bin the volume or work on a part of it, or use a computer with more memory.";

/** How V8, libuv, WebAssembly and ONNX Runtime say that an allocation failed. A stack overflow is a RangeError, too, and a bug. */
function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ((error as NodeJS.ErrnoException).code === "ENOMEM") return true;
  return /allocation failed|invalid (typed )?array (buffer )?length|could not allocate|out of memory|failed to allocate|bad_alloc/i.test(
    error.message.slice(0, LONGEST_LINE),
  );
}

/** A hint without the sentences that advise options of other commands only; one that gives a whole command line stays. */
function withoutOtherOptions(hint: string, options: ReadonlySet<string>): string {
  const sentences = hint.split(/(?<=[.;]) /);
  const kept = sentences.filter((sentence) => {
    const named = sentence.match(/--[a-z][a-z-]*/g) ?? [];
    return named.length === 0 || sentence.includes("cosnet ") || named.some((name) => options.has(name));
  });
  return kept.join(" ");
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
