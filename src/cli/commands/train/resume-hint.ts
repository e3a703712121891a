import { AbortError } from "../../../errors.js";

/** Whoever stops a training wants to know that it is not lost. */
export function withResumeHint(error: unknown): unknown {
  if (!(error instanceof AbortError)) return error;
  return new AbortError(error.reason, { cause: error, hint: "Run the same command again to continue where it was." });
}

/** For `.catch` of a job that continues where it was. */
export function rethrowResumable(error: unknown): never {
  throw withResumeHint(error);
}
