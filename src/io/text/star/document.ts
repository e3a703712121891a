import { FormatError } from "../../../errors.js";
import { isNumber } from "../csv.js";

/**
 * STAR in memory. Tag names are kept without their leading underscore ("rlnCoordinateX"), values as text, columns
 * rather than rows (a column is what gets converted to numbers).
 */
export interface StarDocument {
  readonly blocks: readonly StarBlock[];
}

/** A `data_` block. RELION puts one table in each; mmCIF puts many (its "categories") in one. */
export interface StarBlock {
  /** What follows `data_`; may be empty. */
  readonly name: string;
  /** Comment lines before it, without "#": RELION's "version 50001", and who wrote the file and how. */
  readonly comments: readonly string[];
  readonly tables: readonly StarTable[];
}

/** A loop, or a run of single tag-value pairs (then `rowCount` is 1). */
export interface StarTable {
  readonly kind: "loop" | "pairs";
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly rowCount: number;
}

/** A loop from its columns. @throws FormatError when the columns differ in length. */
export function starLoop(columns: Iterable<readonly [name: string, values: readonly string[]]>): StarTable {
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

/** The first table of the block called `name`, or undefined. */
export function findTable(document: StarDocument, name: string): StarTable | undefined {
  return document.blocks.find((block) => block.name === name)?.tables[0];
}

/** The values of a column. @throws FormatError naming the columns there are, when it is missing. */
export function textColumn(table: StarTable, column: string, where: string): readonly string[] {
  const values = table.columns.get(column);
  if (values) return values;
  throw new FormatError(`column _${column} is missing`, where, {
    hint: `The columns are: ${[...table.columns.keys()].join(", ") || "none"}.`,
  });
}

/** A column as numbers. @throws FormatError with the row (from 1) and text that is not a number. */
export function numberColumn(table: StarTable, column: string, where: string): Float64Array {
  const values = textColumn(table, column, where);
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (!isNumber(values[i]))
      throw new FormatError(`"${values[i]}" in row ${i + 1} of column _${column} is not a number`, where);
    numbers[i] = Number(values[i]);
  }
  return numbers;
}
