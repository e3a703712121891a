/** Writing tables of comma-separated values: as RFC 4180 has it, and so that no spreadsheet runs what a name holds. */
import { FormatError } from "../../errors.js";
import { parseDecimal } from "./number.js";

/** Rows of a comma-separated table as text, the first of them its header: quoted where it must be, empty for undefined. */
export function csvText(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return rows.map((row) => `${row.map((value) => csvField(String(value ?? ""))).join(",")}\n`).join("");
}

/** One line of a table that `parseCsv` reads again. @throws FormatError for values of more than one line. */
export function csvLine(values: readonly string[], separator = ","): string {
  for (const value of values)
    if (/[\r\n]/.test(value)) throw new FormatError(`a value of more than one line: ${JSON.stringify(value)}`, "CSV");
  return values.map(csvField).join(separator);
}

function csvField(value: string): string {
  const text = escaped(value);
  return /[",;\t\r\n]|^\s|\s$|^#/.test(text) ? csvQuoted(text) : text;
}

/** What a spreadsheet takes for a formula, and runs, unless a number. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** A text that a spreadsheet would run as a formula, behind an apostrophe; `unescaped` takes it away again. */
function escaped(text: string): string {
  return FORMULA.test(text) && parseDecimal(text) === undefined ? `'${text}` : text;
}

/** A value as it was before `csvLine` put an apostrophe before what a spreadsheet would run. */
export function unescaped(value: string): string {
  return value.startsWith("'") && FORMULA.test(value) ? value.slice(1) : value;
}

/** A value in quotes, as RFC 4180 has it, whether it needs them or not. */
export function csvQuoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
