import { FormatError } from "../../../errors.js";
import { findTable, numberColumn, starLoop } from "../../text/star/document.js";
import { parseStar } from "../../text/star/parse.js";
import { writeStar } from "../../text/star/write.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, scoreText } from "../model/placement.js";
import { columnNumber } from "../model/score.js";
import { MOTL_FIELDS, MOTL_HOLDS, type MotlField, motlOfParticles, particlesOfMotl } from "./motl.js";

/** The data block that tells STOPGAP's list from other STAR files. */
export const STOPGAP_BLOCK = "stopgap_motivelist";

/** RELION's column of half sets. */
const HALF_COLUMN = "rlnRandomSubset";

/** What RELION and STOPGAP call the same half. */
const HALVES: readonly (readonly [relion: string, stopgap: string])[] = [
  ["1", "A"],
  ["2", "B"],
];

/** STOPGAP's motivelist as a STAR file: the same conventions as the .em form, and half sets, which are those of RELION. */
export const stopgapCodec: ParticleCodec = {
  label: "STOPGAP motivelist",
  holds: { ...MOTL_HOLDS, extra: /^(motl_(subtomogram|object)|rlnRandomSubset)$/ },
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
  const list = particlesOfMotl(
    table.rowCount,
    (field, row) => columns.get(MOTL_FIELDS[field].column)?.[row] ?? Number.NaN,
    options,
  );
  const halves = table.columns.get("halfset");
  if (!halves) return list;
  const particles = list.particles.map((particle, row): Particle => {
    const half = HALVES.find(([, name]) => name === halves[row]?.toUpperCase())?.[0];
    return half === undefined ? particle : { ...particle, extra: { ...particle.extra, [HALF_COLUMN]: half } };
  });
  return { ...list, particles };
}

function encodeStopgap(list: ParticleList, options: EncodeOptions): string {
  const rows = motlOfParticles(list, options);
  const fields = Object.entries(MOTL_FIELDS) as [MotlField, { column: string }][];
  const text = (field: MotlField, value: number) => (field === "score" ? scoreText(value) : decimalText(value));
  const table = starLoop([
    ["motl_idx", rows.map((_, index) => String(index + 1))],
    ...fields.map(([field, { column }]) => [column, rows.map((row) => text(field, row[field]))] as const),
    ["halfset", list.particles.map(halfOf)],
  ]);
  return writeStar({ blocks: [{ name: STOPGAP_BLOCK, comments: options.comments, tables: [table] }] });
}

/** The particle's half; where the list does not say, even and odd rows, as if STOPGAP had split them itself. */
function halfOf({ extra }: Particle, row: number): string {
  const stated = columnNumber(extra, HALF_COLUMN);
  return (HALVES.find(([half]) => Number(half) === stated) ?? HALVES[row % 2])[1];
}
