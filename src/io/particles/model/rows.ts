import { FormatError } from "../../../errors.js";
import { isNumber } from "../../text/csv.js";

/** The name of the file in messages, and how many numbers a line must have. */
export interface NumberRowsOptions {
  readonly name: string;
  readonly minimumColumns: number;
}

/**
 * Lines of numbers with spaces, tabs or commas between them. Empty lines and lines that start with "#" are left out;
 * "NaN" (as Matlab writes what it has not computed) is 0 unless it is asked for.
 * @throws FormatError with the line of the first mistake, or when there is no line.
 */
export function numberRows(text: string, { name, minimumColumns }: NumberRowsOptions): Float64Array[] {
  const rows: Float64Array[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const values = trimmed.split(/[\s,]+/);
    const where = `${name}, line ${index + 1}`;
    if (values.length < minimumColumns)
      throw new FormatError(`${values.length} numbers where at least ${minimumColumns} are needed`, where, {
        hint: "The file is cut off, or of another format.",
      });
    rows.push(
      Float64Array.from(values, (value) => {
        if (isNumber(value)) return Number(value);
        if (/^[+-]?nan$/i.test(value)) return 0;
        throw new FormatError(`"${value.slice(0, 40)}" is not a number`, where);
      }),
    );
  }
  if (rows.length === 0) throw new FormatError("the list is empty", name);
  return rows;
}
