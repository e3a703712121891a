import { FormatError } from "../../errors.js";

/** A sign, digits with at most one point, an exponent. No two parts can match the same text, so that none takes long to refuse. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The number that a text is, in the one notation that all text formats share: decimal, with or without an exponent. Undefined
 * for anything else: blanks, "NaN", "Infinity", hexadecimal, and what is too large for a number, such as 1e999.
 */
export function parseDecimal(text: string): number | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * As `parseDecimal`, where there must be a number.
 * @param what the column or attribute, for the message
 * @param where file and line
 * @throws FormatError "where: what is "text", not a number" or "too large for a number".
 */
export function readDecimal(text: string, what: string, where: string): number {
  const value = parseDecimal(text);
  if (value !== undefined) return value;
  const problem = DECIMAL.test(text) ? "too large for a number" : "not a number";
  throw new FormatError(`${what} is ${quotedExcerpt(text)}, ${problem}`, where);
}

/** What pandas, R, MATLAB, RELION and starfile write where there is no number. */
export function isNotComputed(text: string): boolean {
  return NOT_COMPUTED.test(text);
}

const NOT_COMPUTED = /^[+-]?nan$|^n\/?a$|^<na>$|^null$|^none$/i;

/** The beginning of a text in quotes, fit for a message. */
export function quotedExcerpt(text: string): string {
  return JSON.stringify(text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT - 1)}…` : text);
}

const LONGEST_EXCERPT = 40;
