import { FormatError } from "../../../errors.js";
import { findTable, numberColumn, starLoop } from "../../text/star/document.js";
import { parseStar } from "../../text/star/parse.js";
import { writeStar } from "../../text/star/write.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf } from "../model/codec.js";
import type { ParticleList } from "../model/particle-list.js";
import { decimalText, scoreText } from "../model/placement.js";
import { MOTL_EXTRA, type MotlRow, motlOfParticles, particlesOfMotl } from "./motl.js";

/** STOPGAP's names of the columns; the order of a written file. */
const COLUMNS = {
  tomogram: "tomo_num",
  object: "object",
  subtomogram: "subtomo_num",
  x: "orig_x",
  y: "orig_y",
  z: "orig_z",
  score: "score",
  shiftX: "x_shift",
  shiftY: "y_shift",
  shiftZ: "z_shift",
  phi: "phi",
  psi: "psi",
  theta: "the",
  class: "class",
} as const satisfies Record<keyof MotlRow, string>;

/** The data block that tells STOPGAP's list from other STAR files. */
export const STOPGAP_BLOCK = "stopgap_motivelist";

/** STOPGAP's motive list as a STAR file: the same conventions as the .em form. */
export const stopgapCodec: ParticleCodec = {
  label: "STOPGAP motive list",
  holds: { orientation: true, score: true, classes: "number", tomograms: "number", extra: MOTL_EXTRA },
  inVoxels: true,
  decode: decodeStopgap,
  encode: encodeStopgap,
};

function decodeStopgap(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const table = findTable(parseStar(textOf(bytes), { name }), STOPGAP_BLOCK);
  const where = `${name}, data_${STOPGAP_BLOCK}`;
  if (!table) throw new FormatError(`there is no data_${STOPGAP_BLOCK} table`, name);
  const columns = Object.entries(COLUMNS).map(
    ([field, column]) => [field, numberColumn(table, column, where)] as [keyof MotlRow, Float64Array],
  );
  const rows = Array.from({ length: table.rowCount }, (_, index) => {
    const row: Partial<Record<keyof MotlRow, number>> = {};
    for (const [field, values] of columns) row[field] = values[index];
    return row as MotlRow; // every field is in COLUMNS
  });
  return particlesOfMotl(rows, options);
}

function encodeStopgap(list: ParticleList, options: EncodeOptions): string {
  const rows = motlOfParticles(list, options);
  const columns = Object.entries(COLUMNS) as [keyof MotlRow, string][];
  const text = (field: keyof MotlRow, value: number) => (field === "score" ? scoreText(value) : decimalText(value));
  const table = starLoop([
    ["motl_idx", rows.map((_, index) => String(index + 1))],
    ...columns.map(([field, column]): [string, string[]] => [column, rows.map((row) => text(field, row[field]))]),
    // STOPGAP splits particles into halves by this; even and odd, as if it had done so itself.
    ["halfset", rows.map((_, index) => (index % 2 === 0 ? "A" : "B"))],
  ]);
  return writeStar({ blocks: [{ name: STOPGAP_BLOCK, comments: options.comments, tables: [table] }] });
}
