import { FormatError } from "../../errors.js";
import { parseDecimal, quotedExcerpt } from "./number.js";

/** A table of text: comma, semicolon, tab or spaces between the values; quotes as in RFC 4180. */
export interface CsvTable {
  /** Undefined when the first row is numbers already. */
  readonly header: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
}

/**
 * Parses a table whose first row may name the columns. Empty lines and lines that start with "#" are left out.
 * @throws FormatError with the number of the row whose length differs, or when there is nothing in it.
 */
export function parseCsv(text: string, { name = "CSV" }: { name?: string } = {}): CsvTable {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  const rows: (readonly string[])[] = [];
  let separator: string | undefined;
  let width = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    separator ??= separatorOf(line);
    const values = splitLine(line, separator, `${name}, line ${index + 1}`);
    width ||= values.length;
    if (values.length !== width)
      throw new FormatError(`${values.length} values where the first row has ${width}`, `${name}, line ${index + 1}`, {
        hint: "The table is cut off or uses more than one separator.",
      });
    rows.push(values);
  }
  const [first, ...rest] = rows;
  if (!first) throw new FormatError("the table is empty", name);
  return first.some((value) => isNumber(value)) ? { header: undefined, rows } : { header: first, rows: rest };
}

/** Whether a text is a finite decimal number, with or without an exponent; "NaN", "Infinity" and 1e999 are not. */
export function isNumber(text: string): boolean {
  return parseDecimal(text) !== undefined;
}

/** Whether a text is a number with a decimal comma, as spreadsheets write it in half of Europe. */
export function isDecimalComma(text: string): boolean {
  return text.includes(",") && /^[+-]?\d+,\d+$/.test(text);
}

/** What to say of a number with a decimal comma, which would otherwise be read as two. */
export function decimalCommaError(text: string, where: string): FormatError {
  return new FormatError(`${quotedExcerpt(text)} has a decimal comma`, where, {
    hint: "Write decimal points: 100.5, not 100,5.",
  });
}

function separatorOf(line: string): string {
  return [",", ";", "\t"].find((candidate) => line.includes(candidate)) ?? " ";
}

function splitLine(line: string, separator: string, where: string): string[] {
  if (separator === " ") return line.trim().split(/\s+/);
  if (!line.includes('"')) return line.split(separator).map((value) => value.trim());
  const values: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const end = line.indexOf(separator, at);
      values.push(line.slice(at, end < 0 ? undefined : end).trim());
      if (end < 0) return values;
      at = end + 1;
      continue;
    }
    let value = "";
    for (at++; ; at++) {
      const quote = line.indexOf('"', at);
      if (quote < 0) throw new FormatError("a quote is opened and not closed", where);
      value += line.slice(at, quote);
      at = quote + 1;
      if (line[at] !== '"') break;
      value += '"';
    }
    values.push(value);
    if (at >= line.length) return values;
    if (line[at] !== separator) throw new FormatError("text follows a closing quote", where);
    at++;
  }
  return values;
}

/** Rows of a comma-separated table as text, the first of them its header: quoted where it must be, empty for undefined. */
export function csvText(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return rows.map((row) => `${row.map((value) => csvField(String(value ?? ""))).join(",")}\n`).join("");
}

/** One line of a table that `parseCsv` reads again. @throws FormatError for values of more than one line. */
export function csvLine(values: readonly string[]): string {
  for (const value of values)
    if (/[\r\n]/.test(value)) throw new FormatError(`a value of more than one line: ${JSON.stringify(value)}`, "CSV");
  return values.map(csvField).join(",");
}

function csvField(value: string): string {
  return /[",;\t\r\n]|^\s|\s$|^#/.test(value) ? csvQuoted(value) : value;
}

/** A value in quotes, as RFC 4180 has it, whether it needs them or not. */
export function csvQuoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
