import { AbortError, isCosnetError } from "../errors.js";
import { packageVersion } from "../files/package/index.js";
import type { ProgressReport } from "../progress.js";
import { onOneLine, printable, shortened } from "./printable.js";
import { createProgressDisplay } from "./progress-display.js";
import type { Terminal } from "./terminal.js";

/** What a command has to say at its end: for people, and for programs. */
export interface Outcome {
  readonly text: string;
  readonly summary: Readonly<Record<string, unknown>>;
  /** A part of the work failed and has been explained already: exit code 1. */
  readonly failed?: boolean;
  /** It goes on until it is stopped, and that is its end: exit code 0. */
  readonly endsWhenStopped?: boolean;
}

/** Ends a command whose failures have been shown. */
export class AlreadyExplained extends Error {}

/** The `Progress` of jobs with nothing left out. */
export interface WorkProgress {
  readonly onProgress: (report: ProgressReport) => void;
  /** Shows one line of warning; also with --quiet, because a result may depend on it. */
  readonly onWarning: (warning: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a command's work with progress on standard error and Ctrl-C as an abort signal, then prints its outcome.
 * The first Ctrl-C lets the work clean up; the second leaves at once.
 */
export async function runAction(
  terminal: Terminal,
  options: { readonly seed: number; readonly json: boolean; readonly quiet: boolean },
  work: (progress: WorkProgress) => Promise<Outcome>,
): Promise<void> {
  const controller = new AbortController();
  const display = createProgressDisplay(terminal, { quiet: options.quiet });
  const stopListening = terminal.onInterrupt(() => {
    if (controller.signal.aborted) return terminal.exitNow(130);
    display.finish();
    if (!options.quiet) terminal.err("cosnet: stopping and tidying up; press Ctrl-C again to leave at once\n");
    controller.abort();
  });
  try {
    const {
      text,
      summary,
      failed,
      endsWhenStopped = false,
    } = await work({
      onProgress: display.onProgress,
      onWarning(warning) {
        display.finish();
        terminal.err(`cosnet: warning: ${printable(shortened(onOneLine(warning), 600))}\n`);
      },
      signal: controller.signal,
    });
    display.finish();
    if (controller.signal.aborted && !endsWhenStopped && !options.quiet)
      terminal.err("cosnet: it was done before it could be stopped\n");
    if (options.json) terminal.out(`${jsonText({ cosnet: packageVersion(), seed: options.seed, ...summary })}\n`);
    else if (text !== "") terminal.out(`${printable(text).replace(/\n$/, "")}\n`);
    if (failed) throw new AlreadyExplained();
  } catch (error) {
    // what an abort signal itself throws in a library is an interruption, too
    if (controller.signal.aborted && !isCosnetError(error))
      throw new AbortError("stopped before the end", { cause: error });
    throw error;
  } finally {
    display.finish();
    stopListening();
  }
}

/** JSON on one line. JSON has no infinities: they become "inf" and "-inf" (as the options accept them), NaN becomes null. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (item === Infinity) return "inf";
    if (item === -Infinity) return "-inf";
    return ArrayBuffer.isView(item) && !(item instanceof DataView)
      ? Array.from(item as unknown as ArrayLike<number>)
      : item;
  });
}
