import { FormatError } from "../../../errors.js";
import { findTable, numberColumn, starLoop } from "../../text/star/document.js";
import { parseStar } from "../../text/star/parse.js";
import { writeStar } from "../../text/star/write.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf } from "../model/codec.js";
import type { ParticleList } from "../model/particle-list.js";
import { decimalText, scoreText } from "../model/placement.js";
import { MOTL_FIELDS, MOTL_HOLDS, type MotlField, motlOfParticles, particlesOfMotl } from "./motl.js";

/** The data block that tells STOPGAP's list from other STAR files. */
export const STOPGAP_BLOCK = "stopgap_motivelist";

/** STOPGAP's motivelist as a STAR file: the same conventions as the .em form. */
export const stopgapCodec: ParticleCodec = {
  label: "STOPGAP motivelist",
  holds: MOTL_HOLDS,
  inVoxels: true,
  decode: decodeStopgap,
  encode: encodeStopgap,
};

function decodeStopgap(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const table = findTable(parseStar(textOf(bytes), { name }), STOPGAP_BLOCK);
  if (!table) throw new FormatError(`there is no data_${STOPGAP_BLOCK} table`, name);
  const columns = new Map(
    Object.values(MOTL_FIELDS).map(({ column }) => [
      column,
      numberColumn(table, column, `${name}, data_${STOPGAP_BLOCK}`, { missing: "NaN" }),
    ]),
  );
  return particlesOfMotl(
    table.rowCount,
    (field, row) => columns.get(MOTL_FIELDS[field].column)?.[row] ?? Number.NaN,
    options,
  );
}

function encodeStopgap(list: ParticleList, options: EncodeOptions): string {
  const rows = motlOfParticles(list, options);
  const fields = Object.entries(MOTL_FIELDS) as [MotlField, { column: string }][];
  const text = (field: MotlField, value: number) => (field === "score" ? scoreText(value) : decimalText(value));
  const table = starLoop([
    ["motl_idx", rows.map((_, index) => String(index + 1))],
    ...fields.map(([field, { column }]) => [column, rows.map((row) => text(field, row[field]))] as const),
    // STOPGAP splits particles into halves by this; even and odd, as if it had done so itself.
    ["halfset", rows.map((_, index) => (index % 2 === 0 ? "A" : "B"))],
  ]);
  return writeStar({ blocks: [{ name: STOPGAP_BLOCK, comments: options.comments, tables: [table] }] });
}
