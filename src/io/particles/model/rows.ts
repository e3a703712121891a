import { FormatError } from "../../../errors.js";
import { isNumber } from "../../text/csv.js";

/**
 * Lines of numbers with spaces, tabs or commas between them. Empty lines and lines that start with "#" are left out;
 * "NaN" (as MATLAB writes what it has not computed) is 0 unless it is asked for.
 * @throws FormatError with the line of the first mistake, or when there are none.
 */
export function numberRows(
  text: string,
  { name, minimumColumns }: { readonly name: string; readonly minimumColumns: number },
): Float64Array[] {
  const rows: Float64Array[] = [];
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
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
