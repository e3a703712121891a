import { FormatError } from "../../../errors.js";
import { isNotComputed, parseDecimal, quotedExcerpt } from "../number.js";

/**
 * STAR in memory. Tag names are kept without their leading underscore ("rlnCoordinateX"), values as text, columns
 * rather than rows (a column is what gets converted to numbers).
 */
export interface StarDocument<Column extends StarColumn = readonly string[]> {
  readonly blocks: readonly StarBlock<Column>[];
}

/** A `data_` block. RELION puts one table in each; mmCIF puts many (its "categories") in one. */
export interface StarBlock<Column extends StarColumn = readonly string[]> {
  /** What follows `data_`; may be empty. */
  readonly name: string;
  /** Comment lines before it, without "#": RELION's "version 50001", and who wrote the file and how. */
  readonly comments: readonly string[];
  readonly tables: readonly StarTable<Column>[];
}

/** A loop, or a run of single tag-value pairs (then `rowCount` is 1). */
export interface StarTable<Column extends StarColumn = readonly string[]> {
  readonly kind: "loop" | "pairs";
  readonly columns: ReadonlyMap<string, Column>;
  readonly rowCount: number;
}

/** The values of a column: an array, or what makes each of them when it is asked for. */
export interface StarColumn extends Iterable<string> {
  readonly length: number;
  /** A value; undefined beyond the rows. */
  at(index: number): string | undefined;
  /** A value that is a plain decimal, without making a text of it; NaN for any other. */
  plainNumberAt?(index: number): number;
  /** The line of the file that a value stands on. */
  lineOf?(index: number): number;
}

/** A loop from its columns. @throws FormatError when the columns differ in length. */
export function starLoop<Column extends StarColumn = readonly string[]>(
  columns: Iterable<readonly [name: string, values: Column]>,
): StarTable<Column> {
  const map = new Map(columns);
  const rowCount = map.values().next().value?.length ?? 0;
  for (const [name, values] of map)
    if (values.length !== rowCount)
      throw new FormatError(`column ${name} has ${values.length} values, the first column ${rowCount}`, "STAR table");
  return { kind: "loop", columns: map, rowCount };
}

/** A table of single values. */
export function starPairs(pairs: Iterable<readonly [name: string, value: string]>): StarTable {
  return { kind: "pairs", columns: new Map([...pairs].map(([name, value]) => [name, [value]])), rowCount: 1 };
}

/** The same table with every column as an array. */
export function arrayTable(table: StarTable<StarColumn>): StarTable {
  return { ...table, columns: new Map([...table.columns].map(([name, values]) => [name, [...values]])) };
}

/** The first table of the block called `name`, or undefined. */
export function findTable<Column extends StarColumn>(
  document: StarDocument<Column>,
  name: string,
): StarTable<Column> | undefined {
  return document.blocks.find((block) => block.name === name)?.tables[0];
}

/** The values of a column. @throws FormatError naming the columns there are, when it is missing. */
export function textColumn<Column extends StarColumn>(table: StarTable<Column>, column: string, where: string): Column {
  const values = table.columns.get(column);
  if (values) return values;
  throw new FormatError(`column _${column} is missing`, where, {
    hint: `The columns are: ${[...table.columns.keys()].join(", ") || "none"}.`,
  });
}

/**
 * A column as numbers.
 * @param options.missing whether "nan", "<NA>" and the like are NaN, or refused as other text is
 * @throws FormatError with the row (from 1), the line, and text that is not a number.
 */
export function numberColumn(
  table: StarTable<StarColumn>,
  column: string,
  where: string,
  { missing = "refused" }: { readonly missing?: "NaN" | "refused" } = {},
): Float64Array {
  const values = textColumn(table, column, where);
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    numbers[i] = values.plainNumberAt?.(i) ?? Number.NaN;
    if (!Number.isNaN(numbers[i])) continue;
    const text = values.at(i)!;
    const value = missing === "NaN" && isNotComputed(text) ? Number.NaN : parseDecimal(text);
    if (value === undefined) {
      const line = values.lineOf ? `, line ${values.lineOf(i)}` : "";
      throw new FormatError(
        `${quotedExcerpt(text)} in row ${i + 1} of column _${column} is not a number`,
        `${where}${line}`,
      );
    }
    numbers[i] = value;
  }
  return numbers;
}
