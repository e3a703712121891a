import { FormatError } from "../../../errors.js";
import { ROWS_A_STEP, type Steps } from "../../steps.js";
import { decimalCommaError, isDecimalComma } from "../../text/csv.js";
import { TextLines } from "../../text/lines.js";
import { parseDecimal, quotedExcerpt, readDecimal } from "../../text/number.js";
import { readPlainNumbers } from "../../text/plain-numbers.js";
import { NumberRows } from "./number-rows.js";

/** A table of bare numbers. */
export interface NumberTable {
  readonly rowCount: number;
  /** How many numbers each row has. */
  readonly columnCount: number;
  /** A number by row and column, both from 0: NaN where the file says NaN, 0 beyond the last column. */
  readonly at: (row: number, column: number) => number;
  /** What was assumed about values that are no plain numbers. */
  readonly warnings: readonly string[];
}

/** What a table must have. */
export interface NumberTableOptions {
  readonly name: string;
  readonly minimumColumns: number;
  /** Sees the first row before the others are read, so that a table that cannot be used is not read to its end. */
  readonly checkFirst?: (row: Float64Array) => void;
}

/** An imaginary part that MATLAB's rounding leaves behind is smaller than this. */
const NEGLIGIBLE_IMAGINARY = 1e-3;

/**
 * Lines of as many numbers each, with spaces, tabs, commas or semicolons between them. Empty lines and lines that start with
 * "#" or "%" are left out. "NaN", as MATLAB writes what it has not computed, stays NaN; of MATLAB's complex numbers whose
 * imaginary part is negligible the real part is taken, with a warning that names the columns.
 * @throws FormatError with line and column of the first mistake, or when there are none.
 */
export function* numberTable(
  text: string,
  { name, minimumColumns, checkFirst }: NumberTableOptions,
): Steps<NumberTable> {
  const lines = new TextLines(text.replace(/^\ufeff/, ""));
  const complexColumns = new Map<number, number>();
  const values = new Float64Array(MOST_COLUMNS);
  let rows: NumberRows | undefined;
  for (let index = 0; index < lines.length; index++) {
    if (index % ROWS_A_STEP === 0) yield;
    const where = () => `${name}, line ${index + 1}`;
    let count = readPlainNumbers(lines.text, values, lines.start(index), lines.end(index));
    if (count <= 0) {
      const line = lines.at(index);
      if (line.startsWith("#") || line.startsWith("%") || line.trim() === "") continue;
      count = readUnusualNumbers(line.trim(), values, where(), complexColumns);
    }
    if (count < minimumColumns)
      throw new FormatError(`${count} numbers where at least ${minimumColumns} are needed`, where(), {
        hint: "The file is cut off, or of another format.",
      });
    if (!rows) checkFirst?.(values.subarray(0, count));
    rows ??= new NumberRows(count);
    if (count !== rows.columnCount)
      throw new FormatError(`${count} numbers where the first row has ${rows.columnCount}`, where(), {
        hint: "The file is cut off, or not all of it is the table.",
      });
    rows.add(values);
  }
  if (!rows) throw new FormatError("the list is empty", name);
  const { rowCount, columnCount } = rows;
  const warnings = [...complexColumns].map(
    ([column, count]) => `complex numbers in column ${column} (${count} of ${rowCount} rows): the real part is taken`,
  );
  return { rowCount, columnCount, at: rows.reader(), warnings };
}

/** Tables of particles have at most a few dozen columns. */
const MOST_COLUMNS = 256;

/** A line with other separators, exponents, NaN or complex numbers. @throws FormatError */
function readUnusualNumbers(
  line: string,
  values: Float64Array,
  where: string,
  complexColumns: Map<number, number>,
): number {
  const texts = valuesOf(line, where);
  if (texts.length > values.length) throw new FormatError(`${texts.length} numbers in a row`, where);
  for (const [i, text] of texts.entries())
    values[i] = parseDecimal(text) ?? unusualNumber(text, i + 1, where, complexColumns);
  return texts.length;
}

/** Values between blanks, or between commas or semicolons that may have blanks around them and may end the line. */
function valuesOf(line: string, where: string): string[] {
  const words = line.split(/\s+/);
  const separator = [";", ","].find((candidate) => line.includes(candidate));
  if (separator === undefined) return words;
  if (words.length > 1 && words.every((word) => isDecimalComma(word) || parseDecimal(word) !== undefined))
    throw decimalCommaError(words.find(isDecimalComma) ?? line, where);
  const values = line.split(separator).map((value) => value.trim());
  return values.at(-1) === "" ? values.slice(0, -1) : values;
}

/** A value that is not a plain number: NaN, or a complex number that was meant to be real. @throws FormatError */
function unusualNumber(text: string, column: number, where: string, complexColumns: Map<number, number>): number {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (isDecimalComma(text)) throw decimalCommaError(text, where);
  const parts = complexParts(text);
  if (!parts) return readDecimal(text, `column ${column}`, where);
  if (!(Math.abs(parts.imaginary) <= NEGLIGIBLE_IMAGINARY))
    throw new FormatError(`column ${column} is the complex number ${quotedExcerpt(text)}`, where, {
      hint: "Take the real part in MATLAB: dwrite(real(table), name).",
    });
  complexColumns.set(column, (complexColumns.get(column) ?? 0) + 1);
  return parts.real;
}

/** Real and imaginary part of "0.2-3e-05i"; undefined when it is not a complex number. */
function complexParts(text: string): { real: number; imaginary: number } | undefined {
  if (!/[ij]$/.test(text)) return undefined;
  let split = text.length - 2;
  while (split > 0 && !(isSign(text[split]) && !/e/i.test(text[split - 1]))) split--;
  const [real, imaginary] = [parseDecimal(text.slice(0, split)), parseDecimal(text.slice(split, -1))];
  return real === undefined || imaginary === undefined ? undefined : { real, imaginary };
}

function isSign(character: string): boolean {
  return character === "+" || character === "-";
}
