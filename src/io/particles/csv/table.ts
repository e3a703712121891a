/** Tables of particles with named columns, whatever program named them. */
import { FormatError } from "../../../errors.js";
import { normaliseQuaternion, type Quaternion, type Vector3 } from "../../../volume/index.js";
import { decimalCommaError, isDecimalComma, parseCsv } from "../../text/csv.js";
import { parseDecimal, readDecimal } from "../../text/number.js";
import { quaternionFromRelionAngles } from "../model/euler.js";
import type { Particle } from "../model/particle-list.js";

/** What a column of a table of particles says. */
export type Meaning =
  | ("x" | "y" | "z" | "qw" | "qx" | "qy" | "qz" | "rot" | "tilt" | "psi")
  | ("class" | "classNumber" | "score" | "tomogram" | "voxelSize" | "index");

/** The names, in lower case, that a column of each meaning goes by, the most telling first. */
export type ColumnNames = Partial<Readonly<Record<Meaning, readonly string[]>>>;

/** A table of particles as text, and which of its columns says what. */
export interface ParticleTable {
  readonly name: string;
  /** Undefined where the columns have no names. */
  readonly header: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
  /** The line of each row, from 1. */
  readonly lines: readonly number[];
  readonly columns: ReadonlyMap<Meaning, number>;
  readonly warnings: readonly string[];
}

/**
 * Parses a table and finds its columns. A column of scores or class numbers in which nothing is a number is another program's
 * of that name, and kept as it is.
 * @throws FormatError when x, y or z is missing, naming the columns there are; as `parseCsv`.
 */
export function parseParticleTable(
  text: string,
  name: string,
  namesOf: (header: readonly string[]) => ColumnNames,
): ParticleTable {
  const { header, rows, lines, warnings } = parseCsv(text, { name });
  const columns = new Map<Meaning, number>();
  const lower = header?.map((column) => column.toLowerCase()) ?? [];
  for (const [meaning, names] of Object.entries(namesOf(lower)) as [Meaning, readonly string[]][]) {
    const found = names.map((candidate) => lower.indexOf(candidate)).find((index) => index >= 0);
    if (found !== undefined) columns.set(meaning, found);
  }
  if (header && !(["x", "y", "z"] as const).every((axis) => columns.has(axis)))
    throw new FormatError("the columns x, y and z are not all there", name, {
      hint: `The columns are: ${header.slice(0, 40).join(", ")}.`,
    });
  for (const meaning of ["score", "classNumber"] as const) {
    const column = columns.get(meaning);
    const isNumeric = rows.length === 0 || rows.some((row) => isNumeral(row[column ?? -1] ?? ""));
    if (column !== undefined && !isNumeric && rows.some((row) => row[column] !== "")) columns.delete(meaning);
  }
  return { name, header, rows, lines, columns, warnings };
}

/**
 * The particles of a table.
 * @param scaleAngstrom what its coordinates count in
 * @throws FormatError with line and column where a coordinate is missing or a value is not a number.
 */
export function particlesOfTable(table: ParticleTable, scaleAngstrom: number): Particle[] {
  const extras = extraColumns(table);
  return table.rows.map((row, index): Particle => {
    const number = (meaning: Meaning) => numberIn(table, index, meaning);
    const text = (meaning: Meaning) => row[table.columns.get(meaning) ?? -1] || undefined;
    const orientation = orientationOf(number);
    const [score, classNumber] = [number("score"), number("classNumber")];
    const [className, tomogramName] = [text("class"), text("tomogram")];
    return {
      positionAngstrom: positionOf(table, index, scaleAngstrom),
      ...(orientation && { orientation }),
      ...(score !== undefined && { score }),
      ...(classNumber !== undefined && { classNumber }),
      ...(className !== undefined && { className }),
      ...(tomogramName !== undefined && { tomogramName }),
      extra: Object.fromEntries(extras.map(([column, at]) => [column, row[at]])),
    };
  });
}

/** Columns that are nothing of ours, by name; of two with one name the second is "name_2". */
function extraColumns({ header = [], columns }: ParticleTable): [name: string, column: number][] {
  const used = new Set(columns.values());
  used.delete(columns.get("voxelSize") ?? -1);
  const names = new Set<string>();
  return header.flatMap((column, index): [string, number][] => {
    if (column === "" || used.has(index)) return [];
    let name = column;
    for (let copy = 2; names.has(name); copy++) name = `${column}_${copy}`;
    names.add(name);
    return [[name, index]];
  });
}

/** A number of a row: undefined where the cell is empty or the table has no such column, NaN where it says so. */
export function numberIn(
  { rows, lines, columns, header, name }: ParticleTable,
  index: number,
  meaning: Meaning,
): number | undefined {
  const text = rows[index][columns.get(meaning) ?? -1] ?? "";
  if (text === "") return undefined;
  const value = parseDecimal(text);
  if (value !== undefined) return value;
  if (NOT_COMPUTED.test(text)) return Number.NaN;
  const where = `${name}, line ${lines[index]}`;
  if (isDecimalComma(text)) throw decimalCommaError(text, where);
  return readDecimal(text, `column ${header?.[columns.get(meaning) ?? -1] ?? meaning}`, where);
}

/** What pandas, R and MATLAB write where there is no number. */
const NOT_COMPUTED = /^[+-]?nan$|^n\/?a$|^null$|^none$/i;

function isNumeral(text: string): boolean {
  return parseDecimal(text) !== undefined || NOT_COMPUTED.test(text) || /^[+-]?\d/.test(text);
}

function positionOf(table: ParticleTable, index: number, scale: number): Vector3 {
  const [x, y, z] = (["x", "y", "z"] as const).map((axis) => numberIn(table, index, axis));
  if (x === undefined || y === undefined || z === undefined)
    throw new FormatError("a coordinate is missing", `${table.name}, line ${table.lines[index]}`);
  return { x: x * scale, y: y * scale, z: z * scale };
}

/** The quaternion where all of it is there and it is not zero, else RELION's angles. */
function orientationOf(number: (meaning: Meaning) => number | undefined): Quaternion | undefined {
  const [w, x, y, z] = [number("qw"), number("qx"), number("qy"), number("qz")];
  if (w !== undefined && x !== undefined && y !== undefined && z !== undefined)
    return Math.hypot(w, x, y, z) === 0 ? undefined : normaliseQuaternion({ w, x, y, z });
  const [rotDegrees, tiltDegrees, psiDegrees] = [number("rot"), number("tilt"), number("psi")];
  if (rotDegrees === undefined || tiltDegrees === undefined || psiDegrees === undefined) return undefined;
  return quaternionFromRelionAngles({ rotDegrees, tiltDegrees, psiDegrees });
}
