import { FormatError } from "../../../errors.js";
import { normaliseQuaternion, type Quaternion, type Vector3 } from "../../../volume/index.js";
import { csvLine, isNumber, parseCsv } from "../../text/csv.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { type Columns, createColumns } from "../model/columns.js";
import { quaternionFromRelionAngles } from "../model/euler.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsFromFirstVoxel, scoreText, voxelSizeToRead } from "../model/placement.js";

/**
 * Comma-separated particles with named columns. Written: `x_angstrom` ... from the centre of the first voxel, the
 * quaternion `qw, qx, qy, qz` from the reference to the particle, class, score, tomogram, and every further column.
 * Read as well: x, y, z in voxels from the centre of the first voxel, with or without names; RELION's angles as rot, tilt,
 * psi; the CZII challenge's tables (experiment, particle_type, x, y, z in Angstrom).
 */
export const csvCodec: ParticleCodec = {
  label: "CSV table",
  fileName: /\.(csv|tsv)$/i,
  holds: { orientation: true, score: true, classes: "name", tomograms: "name", extra: true },
  decode: decodeCsv,
  encode: encodeCsv,
};

/** What a column means, by the names that it goes by, in lower case. */
const MEANINGS = {
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
  tomogram: ["tomogram", "tomogram_name", "experiment", "tomo_name"],
} as const;

type Meaning = keyof typeof MEANINGS;

function decodeCsv(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const { header, rows } = parseCsv(textOf(bytes), { name });
  const columns = columnsOf(header, rows[0]?.length ?? 0, name);
  const used = new Set(columns.values());
  const extraNames = (header ?? []).flatMap((column, index) => (used.has(index) ? [] : ([[column, index]] as const)));
  const inAngstrom =
    header !== undefined &&
    (/_angstrom$/i.test(header[columns.get("x")!]) ||
      header.some((column) => column.toLowerCase() === "particle_type"));
  const scale = inAngstrom ? 1 : voxelSizeToRead(options, name);
  const particles = rows.map((row, index): Particle => {
    const text = (meaning: Meaning): string | undefined => {
      const value = row[columns.get(meaning) ?? -1];
      return value === "" ? undefined : value;
    };
    const number = (meaning: Meaning): number | undefined => {
      const value = text(meaning);
      if (value === undefined) return undefined;
      if (isNumber(value)) return Number(value);
      throw new FormatError(
        `"${value}" in column ${header?.[columns.get(meaning)!] ?? meaning} is not a number`,
        `${name}, row ${index + 1}`,
      );
    };
    const position = vectorOf(number, scale);
    if (!position) throw new FormatError("a coordinate is missing", `${name}, row ${index + 1}`);
    const orientation = orientationOf(number);
    const [score, classNumber] = [number("score"), number("classNumber")];
    const [className, tomogramName] = [text("class"), text("tomogram")];
    return {
      positionAngstrom: position,
      ...(orientation && { orientation }),
      ...(score !== undefined && { score }),
      ...(classNumber !== undefined && { classNumber }),
      ...(className !== undefined && { className }),
      ...(tomogramName !== undefined && { tomogramName }),
      extra: Object.fromEntries(extraNames.map(([column, index]) => [column, row[index]])),
    };
  });
  return voxelList(particles, inAngstrom ? (options.voxelSizeAngstrom ?? options.tomogramVoxelSizeAngstrom) : scale);
}

function columnsOf(header: readonly string[] | undefined, width: number, name: string): Map<Meaning, number> {
  const columns = new Map<Meaning, number>();
  if (!header) {
    if (width < 3)
      throw new FormatError(`${width} columns without names are too few for x, y and z`, name, {
        hint: "Give a first row that names the columns, e.g. x,y,z.",
      });
    return new Map([
      ["x", 0],
      ["y", 1],
      ["z", 2],
    ]);
  }
  const lower = header.map((column) => column.toLowerCase().trim());
  for (const [meaning, names] of Object.entries(MEANINGS) as [Meaning, readonly string[]][]) {
    const found = names.map((candidate) => lower.indexOf(candidate)).find((index) => index >= 0);
    if (found !== undefined) columns.set(meaning, found);
  }
  if (!columns.has("x") || !columns.has("y") || !columns.has("z"))
    throw new FormatError("the columns x, y and z are not all there", name, {
      hint: `The columns are: ${header.join(", ")}.`,
    });
  return columns;
}

type NumberOf = (meaning: Meaning) => number | undefined;

function vectorOf(number: NumberOf, scale: number): Vector3 | undefined {
  const [x, y, z] = [number("x"), number("y"), number("z")];
  if (x === undefined || y === undefined || z === undefined) return undefined;
  return { x: x * scale, y: y * scale, z: z * scale };
}

function orientationOf(number: NumberOf): Quaternion | undefined {
  const [w, x, y, z] = [number("qw"), number("qx"), number("qy"), number("qz")];
  if (w !== undefined && x !== undefined && y !== undefined && z !== undefined)
    return Math.hypot(w, x, y, z) > 0 ? normaliseQuaternion({ w, x, y, z }) : undefined;
  const [rotDegrees, tiltDegrees, psiDegrees] = [number("rot"), number("tilt"), number("psi")];
  if (rotDegrees === undefined || tiltDegrees === undefined || psiDegrees === undefined) return undefined;
  return quaternionFromRelionAngles({ rotDegrees, tiltDegrees, psiDegrees });
}

function encodeCsv(list: ParticleList, options: EncodeOptions): string {
  const positions = positionsFromFirstVoxel(list, options);
  const { columns, add, addExtra } = createColumns(list.particles);
  add("tomogram", ({ tomogramName }) => tomogramName);
  add("class", ({ className }) => className);
  add("class_number", ({ classNumber }) => classNumber?.toString());
  add("score", ({ score }) => (score === undefined ? undefined : scoreText(score)));
  for (const axis of ["x", "y", "z"] as const)
    columns.push([`${axis}_angstrom`, positions.map((p) => decimalText(p[axis]))]);
  for (const part of ["w", "x", "y", "z"] as const)
    add(`q${part}`, ({ orientation }) => orientation && decimalText(orientation[part], 9));
  addExtra();
  const comments = options.comments.map((comment) => `# ${comment.replace(/[\r\n]+/g, " ")}`);
  return `${[...comments, ...csvLines(columns)].join("\n")}\n`;
}

/** Names and values of columns as lines of a table. */
export function csvLines(columns: Columns["columns"]): string[] {
  const rows = columns[0][1].map((_, row) => csvLine(columns.map(([, values]) => values[row])));
  return [csvLine(columns.map(([name]) => name)), ...rows];
}
