import { FormatError } from "../../../errors.js";
import { ROWS_A_STEP, type Steps } from "../../steps.js";
import { isClassFirst } from "../coords/deepetpicker.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsFromFirstVoxel, scoreText, voxelSizeOfList } from "../model/placement.js";
import {
  type ColumnNames,
  type Meaning,
  numberIn,
  type ParticleTable,
  parseParticleTable,
  particlesOfTable,
} from "./table.js";
import { csvOfParticles } from "./write-columns.js";

/**
 * Comma-separated particles with named columns. Written: `x_angstrom` ... from the centre of the first voxel, the
 * quaternion `qw, qx, qy, qz` from the reference to the particle, class, score, tomogram, and every further column; no
 * comments, so that spreadsheets, pandas and R open it as it is.
 * Read as well: x, y, z in voxels from the centre of the first voxel, or in what a column "unit" says, with or without names; RELION's angles as rot, tilt,
 * psi; the CZII challenge's tables (experiment, particle_type, x, y, z in Angstrom); comments after "#".
 */
export const csvCodec: ParticleCodec = {
  label: "CSV table",
  fileName: /\.(csv|tsv)$/i,
  holds: { orientation: true, unoriented: true, score: true, classes: "name", tomograms: "name", extra: true },
  decode: decodeCsv,
  encode: encodeCsv,
};

const NAMES: ColumnNames = {
  x: ["x_angstrom", "x", "coordinate_x", "coord_x"],
  y: ["y_angstrom", "y", "coordinate_y", "coord_y"],
  z: ["z_angstrom", "z", "coordinate_z", "coord_z"],
  qw: ["qw"],
  qx: ["qx"],
  qy: ["qy"],
  qz: ["qz"],
  rot: ["rot", "rlnanglerot"],
  tilt: ["tilt", "rlnangletilt"],
  psi: ["psi", "rlnanglepsi"],
  class: ["class", "class_name", "particle_type", "label"],
  classNumber: ["class_number"],
  score: ["score", "confidence"],
  tomogram: [
    ...["tomogram", "tomogram_name", "experiment", "tomo_name", "tomo_id", "tomo", "tomogram_id", "run_name"],
    ...["rlntomoname", "rlnmicrographname", "micrograph_name", "micrograph"],
  ],
  voxelSize: ["voxel_size_angstrom", "voxel_size", "voxel_spacing", "pixel_size_angstrom", "pixel_size", "apix"],
  unit: ["unit", "units", "coordinate_unit", "coordinate_units"],
};

/** Where the names of x, y and z say what they count in, a column "unit" is about something else. */
function namesOf(header: readonly string[]): ColumnNames {
  return header.includes("x_angstrom") ? { ...NAMES, unit: [] } : NAMES;
}

function* decodeCsv(bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  const { name } = options;
  const parsed = yield* parseParticleTable(textOf(bytes), name, namesOf);
  const table = parsed.header ? parsed : withoutNames(parsed);
  const { header, columns, warnings } = table;
  const isNamedAngstrom = /_angstrom$/i.test(header?.[columns.get("x") ?? -1] ?? "");
  const isChallenge = header?.some((column) => column.toLowerCase() === "particle_type") === true;
  const unit = isNamedAngstrom ? "angstrom" : ((yield* statedUnit(table)) ?? (isChallenge ? "angstrom" : "voxel"));
  const stated = yield* statedVoxelSize(table);
  if (unit !== "voxel") {
    const voxelSize = options.voxelSizeAngstrom ?? stated ?? options.tomogramVoxelSizeAngstrom;
    const particles = yield* particlesOfTable(table, unit === "nanometre" ? 10 : 1);
    const converted = "positions are in nm, as the table says, and become Å";
    return voxelList(particles, voxelSize, unit === "nanometre" ? [...warnings, converted] : warnings);
  }
  const voxelSize = voxelSizeOfList(stated, options, name);
  const particles = yield* particlesOfTable(table, voxelSize.voxelSizeAngstrom);
  return voxelList(particles, voxelSize.voxelSizeAngstrom, [...warnings, ...voxelSize.warnings]);
}

/**
 * Columns without names: x, y, z; of four, class first or a score last, by the rule of `.coords`, with a warning.
 * @throws FormatError for other numbers of columns, and for pandas' numbers in place of names.
 */
function withoutNames(table: ParticleTable): ParticleTable {
  const { name, warnings } = table;
  const rows = Array.from({ length: Math.min(table.rowCount, ROWS_LOOKED_AT) }, (_, index) => table.row(index));
  const width = rows[0]?.length ?? 0;
  const hint = "Give a first row that names the columns, e.g. x,y,z,class.";
  if (width < 3) throw new FormatError(`${width} columns without names are too few for x, y and z`, name, { hint });
  if (width > 4) throw new FormatError(`${width} columns without names`, name, { hint });
  if (rows.length > 1 && rows[0]?.every((value, index) => value === String(index)))
    throw new FormatError("the first row numbers the columns from 0 and does not name them", name, { hint });
  const classFirst = isClassFirst(rows.map((row) => row.map(Number)));
  const order: readonly Meaning[] = classFirst ? ["classNumber", "x", "y", "z"] : ["x", "y", "z", "score"];
  const assumed = `the columns have no names and are taken as ${classFirst ? "class, x, y, z" : "x, y, z, score"}: name them in a first row`;
  return {
    ...table,
    columns: new Map(order.slice(0, width).map((meaning, index) => [meaning, index])),
    warnings: width === 4 ? [...warnings, assumed] : warnings,
  };
}

/** How many rows show what columns without names mean. */
const ROWS_LOOKED_AT = 1000;

type Unit = "angstrom" | "nanometre" | "voxel";

/** By what a column of units holds, in lower case. */
const UNITS: ReadonlyMap<string, Unit> = new Map([
  ...["a", "å", "\u212b", "angstrom", "angstroms", "ångström", "ångstrom"].map((text) => [text, "angstrom"] as const),
  ...["nm", "nanometre", "nanometer", "nanometres", "nanometers"].map((text) => [text, "nanometre"] as const),
  ...["px", "pixel", "pixels", "voxel", "voxels", "vx"].map((text) => [text, "voxel"] as const),
]);

/** The unit of positions that a column states. @throws FormatError for an unknown one, and when rows differ */
function* statedUnit(table: ParticleTable): Steps<Unit | undefined> {
  const { columns, header, name } = table;
  const column = columns.get("unit");
  let found: Unit | undefined;
  for (let index = 0; column !== undefined && index < table.rowCount; index++) {
    if (index % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    const text = table.row(index)[column] ?? "";
    const unit = UNITS.get(text.trim().toLowerCase());
    if (unit !== undefined && (index === 0 || unit === found)) found = unit;
    else if (text.trim() !== "" || found !== undefined)
      throw new FormatError(
        `column ${header?.[column]} holds "${text.slice(0, 40)}"${found ? " after another unit" : ""}`,
        `${name}, line ${table.lineOf(index)}`,
        {
          hint: "It says what x, y and z count in, the same in every row: write A, nm or voxel, or rename the column.",
        },
      );
  }
  return found;
}

/** The voxel size that a column states. @throws FormatError when rows differ */
function* statedVoxelSize(table: ParticleTable): Steps<number | undefined> {
  if (!table.columns.has("voxelSize")) return undefined;
  const sizes = new Set<number | undefined>();
  for (let index = 0; index < table.rowCount && sizes.size < 2; index++) {
    if (index % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    sizes.add(numberIn(table, table.row(index), index, "voxelSize"));
  }
  const [size] = sizes;
  if (sizes.size > 1)
    throw new FormatError(
      `rows with voxels of different sizes (${[...sizes].map((each) => each ?? "none").join(", ")} Å)`,
      table.name,
      {
        hint: "Split the table, or write positions in Å as x_angstrom, y_angstrom, z_angstrom.",
      },
    );
  return size !== undefined && size > 0 ? size : undefined;
}

function encodeCsv(list: ParticleList, options: EncodeOptions): Iterable<string> {
  const positions = positionsFromFirstVoxel(list, options);
  return csvOfParticles(list.particles, [
    { name: "tomogram", value: ({ tomogramName }) => tomogramName },
    { name: "class", value: ({ className }) => className },
    { name: "class_number", value: ({ classNumber }) => classNumber?.toString() },
    { name: "score", value: ({ score }) => (score === undefined ? undefined : scoreText(score)) },
    ...(["x", "y", "z"] as const).map((axis) => ({
      name: `${axis}_angstrom`,
      always: true,
      value: (_: Particle, index: number) => decimalText(positions[index][axis]),
    })),
    ...(["w", "x", "y", "z"] as const).map((part) => ({
      name: `q${part}`,
      value: ({ orientation }: Particle) => orientation && decimalText(orientation[part], 9),
    })),
  ]);
}

/** Whether columns of these names, in lower case, are particles. */
export function isParticleHeader(header: readonly string[]): boolean {
  return (["x", "y", "z"] as const).every((axis) => NAMES[axis]?.some((name) => header.includes(name)));
}
