/** Errors as they cross between engine and page: plain data there, and the same tagged error here. */
import {
  AbortError,
  ConfigError,
  type CosnetError,
  FileError,
  FormatError,
  isCosnetError,
  ModelError,
  ShapeError,
} from "../../errors.js";
import type { WorkbenchFailure } from "./run.js";

const WITHOUT_PLACE = { shape: ShapeError, config: ConfigError, model: ModelError, abort: AbortError } as const;

/** The error as plain data; what is no error of the house has the tag "bug". */
export function failureOf(error: unknown): WorkbenchFailure {
  if (!isCosnetError(error))
    return { tag: "bug", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  const { tag, reason, where, hint } = error;
  return { tag, reason, ...(where !== undefined && { where }), ...(hint !== undefined && { hint }) };
}

/** The error that `failureOf` was told of. */
export function errorOf({ tag, reason, where, hint }: WorkbenchFailure): CosnetError | Error {
  if (tag === "format") return new FormatError(reason, where ?? "", { hint });
  if (tag === "file") return new FileError(reason, where ?? "", { hint });
  const Tagged = Object.hasOwn(WITHOUT_PLACE, tag) ? WITHOUT_PLACE[tag as keyof typeof WITHOUT_PLACE] : undefined;
  return Tagged ? new Tagged(reason, { where, hint }) : new Error(reason);
}
