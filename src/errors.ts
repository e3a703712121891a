/**
 * Tagged errors with the fields a caller acts on. Everything a user can cause is one of these; anything else is a bug.
 * What is wrong, where, and what to do about it are fields of their own; `message` is "where: reason", so that an error that
 * nobody catches says both. The command line maps each tag to one line on stderr and an exit code.
 */

export interface CosnetErrorOptions {
  readonly cause?: unknown;
  /** What to do about it, as one sentence. */
  readonly hint?: string | undefined;
  /** The file, block, line or header field that it is about. */
  readonly where?: string | undefined;
}

/** What every cosnet error has in common: a literal `tag` to switch on, and what a caller may want to say in other words. */
export abstract class CosnetError extends Error {
  abstract readonly tag: string;
  /** What is wrong, without the place. */
  readonly reason: string;
  /** What it is about: a file, a line of it, a header field; undefined where there is no such place. */
  readonly where: string | undefined;
  /** What to do about it, as one sentence; shown after the message. */
  readonly hint: string | undefined;

  constructor(fullReason: string, { cause, hint, where }: CosnetErrorOptions = {}) {
    const reason = bounded(fullReason);
    super(where === undefined ? reason : `${where}: ${reason}`, cause === undefined ? {} : { cause });
    this.name = new.target.name;
    this.reason = reason;
    this.where = where;
    this.hint = hint === undefined ? undefined : bounded(hint);
  }
}

/** What files hold may be quoted in a message, and may be megabytes long. */
const LONGEST_TEXT = 1000;

function bounded(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

/** A file or byte sequence that is not what it should be. `where` names the file, block, line or header field. */
export class FormatError extends CosnetError {
  readonly tag = "format";
  declare readonly where: string;
  constructor(reason: string, where: string, options: Omit<CosnetErrorOptions, "where"> = {}) {
    super(reason, { ...options, where });
  }
}

/** Tensor or volume shapes that do not fit together. The message carries the numbers. */
export class ShapeError extends CosnetError {
  readonly tag = "shape";
}

/** An option, argument or configuration value that cannot be used. */
export class ConfigError extends CosnetError {
  readonly tag = "config";
}

/** A model file or checkpoint that cannot be run or does not fit the job, or a training that makes no model. */
export class ModelError extends CosnetError {
  readonly tag = "model";
}

/** A file that cannot be read or written: missing, forbidden, disk full. */
export class FileError extends CosnetError {
  readonly tag = "file";
  declare readonly where: string;
  constructor(
    reason: string,
    readonly path: string,
    options: Omit<CosnetErrorOptions, "where"> = {},
  ) {
    super(reason, { ...options, where: path });
  }
}

/** The user pressed Ctrl-C or the caller aborted; partial outputs have been removed or are resumable. */
export class AbortError extends CosnetError {
  readonly tag = "abort";
}

/** @throws AbortError when the job has been aborted. Call it between units of work, with partial files cleaned up by `finally`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError("stopped before the end", { cause: signal.reason });
}

/** Whether something thrown is one of these errors, rather than a bug. */
export function isCosnetError(error: unknown): error is CosnetError {
  return error instanceof CosnetError;
}
