/** Tables of particles with named columns, whatever program named them. */
import { FormatError } from "../../../errors.js";
import { normaliseQuaternion, type Quaternion, type Vector3 } from "../../../volume/index.js";
import { eachRow, ROWS_A_STEP, type Steps } from "../../steps.js";
import { type CsvTable, decimalCommaError, isDecimalComma, parseCsvSteps } from "../../text/csv.js";
import { isNotComputed, parseDecimal, readDecimal } from "../../text/number.js";
import { quaternionFromRelionAngles } from "../model/euler.js";
import { NO_EXTRA, type Particle } from "../model/particle-list.js";

/** What a column of a table of particles says. */
export type Meaning =
  | ("x" | "y" | "z" | "qw" | "qx" | "qy" | "qz" | "rot" | "tilt" | "psi")
  | ("class" | "classNumber" | "score" | "tomogram" | "voxelSize" | "unit" | "index");

/** The names, in lower case, that a column of each meaning goes by, the most telling first. */
export type ColumnNames = Partial<Readonly<Record<Meaning, readonly string[]>>>;

/** A table of particles as text, and which of its columns says what. */
export interface ParticleTable extends CsvTable {
  readonly name: string;
  readonly columns: ReadonlyMap<Meaning, number>;
}

/**
 * Parses a table and finds its columns. A column of scores or class numbers in which nothing is a number is another program's
 * of that name, and kept as it is.
 * @throws FormatError when x, y or z is missing, naming the columns there are; as `parseCsv`.
 */
export function* parseParticleTable(
  text: string,
  name: string,
  namesOf: (header: readonly string[]) => ColumnNames,
): Steps<ParticleTable> {
  const table = yield* parseCsvSteps(text, { name });
  const { header } = table;
  const columns = new Map<Meaning, number>();
  const lower = header?.map((column) => column.toLowerCase()) ?? [];
  for (const [meaning, names] of Object.entries(namesOf(lower)) as [Meaning, readonly string[]][]) {
    const found = names.map((candidate) => lower.indexOf(candidate)).find((index) => index >= 0);
    if (found !== undefined) columns.set(meaning, found);
  }
  if (header && !(["x", "y", "z"] as const).every((axis) => columns.has(axis)))
    throw new FormatError("the columns x, y and z are not all there", name, {
      hint: lower.includes("eulerz(1)")
        ? "It is a motive list of PEET, whose positions are in the IMOD model of the same particles (.mod): give that."
        : `The columns are: ${header.slice(0, 40).join(", ")}.`,
    });
  for (const meaning of ["score", "classNumber"] as const)
    if (yield* isForeign(table, columns.get(meaning))) columns.delete(meaning);
  return { ...table, name, columns };
}

/** Whether a column that should hold numbers holds texts only. */
function* isForeign({ rowCount, row }: CsvTable, column: number | undefined): Steps<boolean> {
  let texts = 0;
  for (let index = 0; column !== undefined && index < rowCount; index++) {
    if (index % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    const text = row(index)[column];
    if (isNumeral(text)) return false;
    if (text !== "") texts++;
  }
  return texts > 0;
}

/**
 * The particles of a table.
 * @param scaleAngstrom what its coordinates count in
 * @throws FormatError with line and column where a coordinate is missing or a value is not a number.
 */
export function* particlesOfTable(table: ParticleTable, scaleAngstrom: number): Steps<Particle[]> {
  const extras = extraColumns(table);
  const shared = createSharedTexts();
  return yield* eachRow(table.rowCount, (index): Particle => {
    const row = table.row(index);
    const number = (meaning: Meaning) => numberIn(table, row, index, meaning);
    const text = (meaning: Meaning) => shared(row[table.columns.get(meaning) ?? -1]);
    const orientation = orientationOf(number);
    const [score, classNumber] = [number("score"), number("classNumber")];
    const [className, tomogramName] = [text("class"), text("tomogram")];
    // Set one after the other, in one order: objects of one shape are half as large as those put together by spreading.
    const particle: { -readonly [Field in keyof Particle]: Particle[Field] } = { extra: extraOf(row, extras) };
    particle.positionAngstrom = positionOf(table, number, index, scaleAngstrom);
    if (orientation) particle.orientation = orientation;
    if (score !== undefined) particle.score = score;
    if (classNumber !== undefined) particle.classNumber = classNumber;
    if (className) particle.className = className;
    if (tomogramName) particle.tomogramName = tomogramName;
    return particle;
  });
}

/** The values of a row in columns that are nothing of ours, own properties whatever their names. */
function extraOf(row: readonly string[], columns: readonly ExtraColumn[]): Particle["extra"] {
  if (columns.length === 0) return NO_EXTRA;
  return Object.fromEntries(columns.map(({ name, column }) => [name, row[column]]));
}

/** One text for all that are alike: a million particles are of a few classes and tomograms. */
function createSharedTexts(): (text: string | undefined) => string | undefined {
  const known = new Map<string, string>();
  return (text) => {
    if (text === undefined) return undefined;
    const shared = known.get(text);
    if (shared === undefined && known.size < MOST_SHARED) known.set(text, text);
    return shared ?? text;
  };
}

const MOST_SHARED = 10_000;

interface ExtraColumn {
  readonly name: string;
  readonly column: number;
}

/** Columns that are nothing of ours, by name; of two with one name the second is "name_2". */
function extraColumns({ header = [], columns }: ParticleTable): ExtraColumn[] {
  const used = new Set(columns.values());
  used.delete(columns.get("voxelSize") ?? -1);
  const names = new Set<string>();
  return header.flatMap((column, index) => {
    if (column === "" || used.has(index)) return [];
    let name = column;
    for (let copy = 2; names.has(name); copy++) name = `${column}_${copy}`;
    names.add(name);
    return { name, column: index };
  });
}

/** A number of a row: undefined where the cell is empty or the table has no such column, NaN where it says so. */
export function numberIn(
  { lineOf, columns, header, name }: ParticleTable,
  row: readonly string[],
  index: number,
  meaning: Meaning,
): number | undefined {
  const text = row[columns.get(meaning) ?? -1] ?? "";
  if (text === "") return undefined;
  const value = parseDecimal(text);
  if (value !== undefined) return value;
  if (isNotComputed(text)) return Number.NaN;
  const where = `${name}, line ${lineOf(index)}`;
  if (isDecimalComma(text)) throw decimalCommaError(text, where);
  return readDecimal(text, `column ${header?.[columns.get(meaning) ?? -1] ?? meaning}`, where);
}

function isNumeral(text: string): boolean {
  return parseDecimal(text) !== undefined || isNotComputed(text) || /^[+-]?\d/.test(text);
}

type NumberOf = (meaning: Meaning) => number | undefined;

function positionOf({ name, lineOf }: ParticleTable, number: NumberOf, index: number, scale: number): Vector3 {
  const [x, y, z] = [number("x"), number("y"), number("z")];
  if (x === undefined || y === undefined || z === undefined)
    throw new FormatError("a coordinate is missing", `${name}, line ${lineOf(index)}`);
  return { x: x * scale, y: y * scale, z: z * scale };
}

/** The quaternion where all of it is there and it is not zero, else RELION's angles. */
function orientationOf(number: NumberOf): Quaternion | undefined {
  const [w, x, y, z] = [number("qw"), number("qx"), number("qy"), number("qz")];
  if (w !== undefined && x !== undefined && y !== undefined && z !== undefined)
    return Math.hypot(w, x, y, z) === 0 ? undefined : normaliseQuaternion({ w, x, y, z });
  const [rotDegrees, tiltDegrees, psiDegrees] = [number("rot"), number("tilt"), number("psi")];
  if (rotDegrees === undefined || tiltDegrees === undefined || psiDegrees === undefined) return undefined;
  return quaternionFromRelionAngles({ rotDegrees, tiltDegrees, psiDegrees });
}
