import { FormatError } from "../../errors.js";
import { quotedExcerpt } from "./number.js";

/** A JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** @throws FormatError where the text is not JSON. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new FormatError(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, name, {
      cause,
      hint: "The file is cut off, or of another format.",
    });
  }
}

/** Whether a JSON value is an object, and not an array or null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws FormatError when it is not a finite number. */
export function numberOf(value: unknown, what: string, where: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new FormatError(`${what} is ${described(value)}, not a number`, where);
}

/** A value in a message: whole where it is short; what kind it is where it may be long, or too deep to be written. */
function described(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return quotedExcerpt(value);
  return typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : String(value);
}
