import { FormatError } from "../../../errors.js";
import { decimalCommaError, isDecimalComma } from "../../text/csv.js";
import { parseDecimal, quotedExcerpt, readDecimal } from "../../text/number.js";

/** A table of bare numbers. */
export interface NumberTable {
  /** The numbers of each row; NaN where the file says NaN. */
  readonly rows: readonly Float64Array[];
  /** What was assumed about values that are no plain numbers. */
  readonly warnings: readonly string[];
}

/** An imaginary part that MATLAB's rounding leaves behind is smaller than this. */
const NEGLIGIBLE_IMAGINARY = 1e-3;

/**
 * Lines of numbers with spaces, tabs, commas or semicolons between them. Empty lines and lines that start with "#" or "%" are
 * left out. "NaN", as MATLAB writes what it has not computed, stays NaN; of MATLAB's complex numbers whose imaginary part is
 * negligible the real part is taken, with a warning that names the columns.
 * @throws FormatError with line and column of the first mistake, or when there are none.
 */
export function numberTable(
  text: string,
  { name, minimumColumns }: { readonly name: string; readonly minimumColumns: number },
): NumberTable {
  const rows: Float64Array[] = [];
  const complexColumns = new Map<number, number>();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith("%")) continue;
    const where = `${name}, line ${index + 1}`;
    const texts = valuesOf(trimmed, where);
    if (texts.length < minimumColumns)
      throw new FormatError(`${texts.length} numbers where at least ${minimumColumns} are needed`, where, {
        hint: "The file is cut off, or of another format.",
      });
    const row = new Float64Array(texts.length);
    for (let i = 0; i < texts.length; i++) {
      const plain = parseDecimal(texts[i]);
      row[i] = plain ?? unusualNumber(texts[i], i + 1, where, complexColumns);
    }
    rows.push(row);
  }
  if (rows.length === 0) throw new FormatError("the list is empty", name);
  const warnings = [...complexColumns].map(
    ([column, count]) =>
      `complex numbers in column ${column} (${count} of ${rows.length} rows): the real part is taken`,
  );
  return { rows, warnings };
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
