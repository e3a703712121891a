import { FormatError } from "../../errors.js";
import { allAtOnce, ROWS_A_STEP, type Steps } from "../steps.js";
import { plainValueCount, splitLine } from "./csv-line.js";
import { TextLines } from "./lines.js";
import { parseDecimal, quotedExcerpt } from "./number.js";
import { Offsets } from "./offsets.js";

/** A table of text: comma, semicolon, tab or spaces between the values; quotes as in RFC 4180. */
export interface CsvTable {
  /** Undefined when the first row is numbers already. */
  readonly header: readonly string[] | undefined;
  readonly rowCount: number;
  /** The values of a row, from 0: cut anew from their line, since all of them would fill memory many times over. */
  readonly row: (index: number) => readonly string[];
  /** The line of a row in the file, from 1. */
  readonly lineOf: (index: number) => number;
  /** What was passed over. */
  readonly warnings: readonly string[];
}

/** Tables have at least this many columns: lines of fewer before them are a title, or Excel's "sep=;". */
const FEWEST_COLUMNS = 3;
/** How far a table may begin below the top of its file. */
const LONGEST_TITLE_LINES = 50;

/**
 * Parses a table whose first row may name the columns; where it does not, a comment of as many words before it may, as NumPy
 * writes it. Empty lines and lines that start with "#" are left out; a separator may end a line.
 * @throws FormatError with the number of the line whose length differs, or when there is nothing in it.
 */
export function parseCsv(text: string, options: { name?: string } = {}): CsvTable {
  return allAtOnce(parseCsvSteps(text, options));
}

/** The same in steps. @throws FormatError as `parseCsv`. */
export function* parseCsvSteps(text: string, { name = "CSV" }: { name?: string } = {}): Steps<CsvTable> {
  const all = new TextLines(text.replace(/^\ufeff/, ""));
  const { start, separator } = tableStart(all);
  const rows = new Offsets();
  let width: number | undefined;
  const valuesAt = (line: number) =>
    withoutTrailing(
      splitLine(all.at(line), separator, () => `${name}, line ${line + 1}`),
      width,
    );
  for (let line = start; line < all.length; line++) {
    if (line % ROWS_A_STEP === 0) yield;
    const content = all.at(line);
    if (!hasContent(content)) continue;
    if (plainValueCount(content, separator) !== width || width === undefined) {
      const { length } = valuesAt(line);
      width ??= length;
      if (length !== width)
        throw new FormatError(`${length} values where the first row has ${width}`, `${name}, line ${line + 1}`, {
          hint: "The table is cut off or uses more than one separator.",
        });
    }
    rows.push(line);
  }
  const lines = rows.values();
  if (lines.length === 0) throw new FormatError("the table is empty", name);
  const first = valuesAt(lines[0]);
  const passedOver = all.first(start).flatMap((line, index) => (hasContent(line) ? [index + 1] : []));
  const warnings = passedOver.length === 0 ? [] : [`passed over before the table: line ${passedOver.join(", ")}`];
  const isNamed = !first.some(isNumber);
  const [header, skipped] = isNamed ? [first, 1] : [namesInComment(all.first(lines[0]), first.length), 0];
  return {
    header,
    rowCount: lines.length - skipped,
    row: (index) => valuesAt(lines[index + skipped]),
    lineOf: (index) => lines[index + skipped] + 1,
    warnings,
  };
}

/** The values without an empty one after the last that the table has a column for. */
function withoutTrailing(values: string[], width: number | undefined): string[] {
  if (width !== undefined && values.length === width + 1 && values[width] === "") values.pop();
  return values;
}

/** Where a table begins, and what separates its values: the first line of three values or more, else the first line. */
function tableStart(lines: TextLines): { start: number; separator: string } {
  let first = 0;
  while (first < lines.length - 1 && !hasContent(lines.at(first))) first++;
  for (let index = first; index < Math.min(first + LONGEST_TITLE_LINES, lines.length); index++) {
    const line = lines.at(index);
    const separator = SEPARATORS.find((candidate) => line.split(candidate).length >= FEWEST_COLUMNS);
    if (separator !== undefined && hasContent(line)) return { start: index, separator };
  }
  return { start: first, separator: SEPARATORS.find((candidate) => lines.at(first).includes(candidate)) ?? " " };
}

const SEPARATORS: readonly string[] = [",", ";", "\t"];

function hasContent(line: string): boolean {
  return !line.startsWith("#") && line.trim() !== "";
}

/** The last comment, where it names as many columns as there are, one of them x. */
function namesInComment(lines: readonly string[], columns: number): string[] | undefined {
  const comment = lines
    .findLast((line) => line.startsWith("#"))
    ?.slice(1)
    .trim();
  const names = comment?.split(/[\s,;]+/) ?? [];
  return names.length === columns && names.some((column) => /^x/i.test(column)) ? names : undefined;
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
