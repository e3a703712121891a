/**
 * Tagged errors with the fields a caller acts on. Everything a user can cause is one of these; anything else is a bug.
 * The command line maps each tag to one line on stderr and an exit code.
 */

/** What every cosnet error has in common: a literal `tag` to switch on, and what the user can do about it. */
export abstract class CosnetError extends Error {
  abstract readonly tag: string;
  /** What to do about it, as one sentence; shown after the message. */
  readonly hint: string | undefined;

  constructor(message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** A file or byte sequence that is not what it should be. `where` names the file, block, line or header field. */
export class FormatError extends CosnetError {
  readonly tag = "format";
  constructor(
    message: string,
    readonly where: string,
    options: { cause?: unknown; hint?: string } = {},
  ) {
    super(`${where}: ${message}`, options);
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

/** A model file or checkpoint that cannot be run, or does not fit the job. */
export class ModelError extends CosnetError {
  readonly tag = "model";
}

/** A file that cannot be read or written: missing, forbidden, disk full. */
export class FileError extends CosnetError {
  readonly tag = "file";
  constructor(
    message: string,
    readonly path: string,
    options: { cause?: unknown; hint?: string } = {},
  ) {
    super(`${path}: ${message}`, options);
  }
}

/** The user pressed Ctrl-C or the caller aborted; partial outputs have been removed or are resumable. */
export class AbortError extends CosnetError {
  readonly tag = "abort";
}

export function isCosnetError(error: unknown): error is CosnetError {
  return error instanceof CosnetError;
}
