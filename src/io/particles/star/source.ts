import { FormatError } from "../../../errors.js";
import type { Quaternion } from "../../../volume/index.js";
import { eachRow, type Steps } from "../../steps.js";
import {
  findTable,
  numberColumn,
  type StarColumn,
  type StarDocument,
  type StarTable,
} from "../../text/star/document.js";
import { quaternionFromRelionAngles } from "../model/euler.js";

/** A table of particles, and what the same file says of their optics groups. */
export interface ParticleSource {
  readonly table: StarTable<StarColumn>;
  readonly optics: StarTable<StarColumn> | undefined;
  /** RELION 5's table of what is common to all. */
  readonly general: StarTable<StarColumn> | undefined;
  /** File and block, for messages. */
  readonly where: string;
}

const [IMAGES, PIXELS, CENTRED, M_POSITIONS] = [
  "rlnImageName",
  "rlnCoordinateX",
  "rlnCenteredCoordinateXAngst",
  "wrpCoordinateX1",
];

/**
 * The table that lists particles: of RELION's name if there is one, else the first with images or coordinates.
 * @throws FormatError when there is none.
 */
export function particleSource(document: StarDocument<StarColumn>, name: string): ParticleSource {
  const block = particleBlock(document);
  if (block)
    return {
      table: block.tables[0],
      optics: findTable(document, "optics"),
      general: findTable(document, "general"),
      where: `${name}, data_${block.name}`,
    };
  throw new FormatError("there is no particle table", name, {
    hint: `Expected data_particles with _rlnImageName or coordinates; the file has ${document.blocks.map((b) => `data_${b.name}`).join(", ") || "no data blocks"}.`,
  });
}

/** Whether a file has such a table. */
export function hasParticleTable(document: StarDocument<StarColumn>): boolean {
  return particleBlock(document) !== undefined;
}

function particleBlock({ blocks }: StarDocument<StarColumn>) {
  const wanted = [IMAGES, PIXELS, CENTRED, M_POSITIONS];
  return (
    blocks.find((candidate) => candidate.name === "particles" && candidate.tables.length > 0) ??
    blocks.find(({ tables }) => tables[0]?.kind === "loop" && wanted.some((c) => tables[0].columns.has(c)))
  );
}

/**
 * A column as numbers, undefined where there is none.
 * @param options.missing whether "nan", "<NA>" and the like are NaN, or refused
 * @throws FormatError for text that is not a number.
 */
export function numbersOf(
  { table, where }: ParticleSource,
  column: string,
  options: { readonly missing?: "NaN" | "refused" } = {},
): Float64Array | undefined {
  return table.columns.has(column) ? numberColumn(table, column, where, options) : undefined;
}

/** Three columns of numbers: vectors, without an object for each. */
export type VectorColumns = Readonly<Record<"x" | "y" | "z", Float64Array>>;

/** Vectors of three columns, undefined unless all are there. */
export function vectorsOf(source: ParticleSource, column: (axis: string) => string): VectorColumns | undefined {
  const [x, y, z] = ["X", "Y", "Z"].map((axis) => numbersOf(source, column(axis)));
  return x && y && z ? { x, y, z } : undefined;
}

/** Rotations of RELION's three angles, NaN where one was not computed; undefined unless all columns are there. */
export function* rotationsOf(
  source: ParticleSource,
  column: (angle: string) => string,
): Steps<Quaternion[] | undefined> {
  const [rot, tilt, psi] = ["Rot", "Tilt", "Psi"].map((angle) => numbersOf(source, column(angle), { missing: "NaN" }));
  if (!rot || !tilt || !psi) return undefined;
  return yield* eachRow(rot.length, (row) =>
    quaternionFromRelionAngles({ rotDegrees: rot[row], tiltDegrees: tilt[row], psiDegrees: psi[row] }),
  );
}

/** A column of more different texts than this holds no names that rows share. */
const MOST_SHARED = 4096;

/** The texts of a column, row by row, equal ones as one string: a list in memory is little larger than what differs in it. */
export function sharedTexts(column: StarColumn): (row: number) => string {
  const known = new Map<string, string>();
  return (row) => {
    const text = column.at(row)!;
    if (known.size === MOST_SHARED) return text;
    const shared = known.get(text);
    if (shared === undefined) known.set(text, text);
    return shared ?? text;
  };
}
