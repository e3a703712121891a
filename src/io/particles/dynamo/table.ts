import { eachRow, type Steps } from "../../steps.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { extraNames } from "../model/columns.js";
import { dynamoFromQuaternion, quaternionFromDynamo } from "../model/euler.js";
import { classNumbering, tomogramNumbering } from "../model/numbering.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import {
  decimalText,
  positionsFromFirstVoxel,
  scoreText,
  voxelSizeOfList,
  voxelSizeToWrite,
} from "../model/placement.js";
import { numberTable } from "../model/rows.js";
import { columnNumber } from "../model/score.js";

/**
 * Dynamo's table (`.tbl`): a row of 26 to 42 numbers a particle. Coordinates (columns 24 to 26) count the first voxel as 1
 * and shifts (4 to 6) are added to them; angles in degrees are tdrot, tilt, narot (7 to 9).
 * Source: Dynamo's documentation of tables; the sense of the angles as cryoCAT, eulerangles and copick have it.
 */
export const dynamoCodec: ParticleCodec = {
  label: "Dynamo table",
  fileName: /\.tbl$/i,
  holds: { orientation: true, score: true, classes: "number", tomograms: "number", extra: /^dynamo_/, nothing: false },
  inVoxels: true,
  decode: decodeTable,
  encode: encodeTable,
};

/** Columns, from 1, that cosnet has no field for and keeps by name. */
const KEPT: readonly (readonly [column: number, name: string])[] = [
  [1, "tag"],
  [2, "aligned"],
  [3, "averaged"],
  [11, "cc2"],
  [13, "ftype"],
  [14, "ymintilt"],
  [15, "ymaxtilt"],
  [16, "xmintilt"],
  [17, "xmaxtilt"],
  [21, "region"],
  [23, "annotation"],
  [31, "otag"],
  [32, "npar"],
  [34, "ref"],
  [35, "sref"],
  [37, "defocus"],
];

const WRITTEN_COLUMNS = 40;

function* decodeTable(bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  const { name } = options;
  const checkFirst = (row: Float64Array) => voxelSizeOfList(statedSize(row[VOXEL_SIZE_COLUMN - 1]), options, name);
  const table = yield* numberTable(textOf(bytes), { name, minimumColumns: 26, checkFirst });
  const rows = Array.from({ length: table.rowCount }, (_, row) => row);
  /** A number by row from 0 and Dynamo's own number of the column, from 1. */
  const at = (row: number, column: number) => table.at(row, column - 1);
  const says = (column: number) => rows.some((row) => at(row, column) !== 0 && !Number.isNaN(at(row, column)));
  const first = at(0, VOXEL_SIZE_COLUMN);
  const stated = rows.every((row) => at(row, VOXEL_SIZE_COLUMN) === first) ? statedSize(first) : undefined;
  const { voxelSizeAngstrom: voxelSize, warnings } = voxelSizeOfList(stated, options, name);
  const kept = KEPT.filter(([column]) => says(column)).map(([column, key]) => ({ column, name: `dynamo_${key}` }));
  const scored = says(10);
  const text = createNumberTexts();
  const particles = yield* eachRow(table.rowCount, (row): Particle => {
    const extra: Record<string, string> = {};
    for (const { column, name } of kept) extra[name] = text(at(row, column));
    const axis = (index: number) => (at(row, 24 + index) + at(row, 4 + index) - 1) * voxelSize;
    // Set one after the other, in one order: objects of one shape are half as large as those put together by spreading.
    const particle: { -readonly [Field in keyof Particle]: Particle[Field] } = { extra };
    particle.positionAngstrom = { x: axis(0), y: axis(1), z: axis(2) };
    particle.orientation = quaternionFromDynamo(at(row, 7), at(row, 8), at(row, 9));
    if (scored) particle.score = at(row, 10);
    const tomogram = at(row, 20);
    if (!Number.isNaN(tomogram)) particle.tomogramName = text(tomogram);
    particle.classNumber = at(row, 22);
    return particle;
  });
  return voxelList(particles, voxelSize, [...table.warnings, ...warnings]);
}

const VOXEL_SIZE_COLUMN = 36;

/** It is 0 or 1 in most tables, where it says nothing. */
function statedSize(value = 0): number | undefined {
  return value > 0 && value !== 1 ? value : undefined;
}

/** Numbers as text, one text for each of the few numbers that most columns repeat. */
function createNumberTexts(): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    const text = known.get(value) ?? String(value);
    if (known.size < 10_000) known.set(value, text);
    return text;
  };
}

function* encodeTable(list: ParticleList, options: EncodeOptions): Generator<string> {
  const { particles } = list;
  const positions = positionsFromFirstVoxel(list, options);
  const voxelSize = voxelSizeToWrite(list, options);
  const size = decimalText(voxelSize);
  const tomograms = tomogramNumbering(particles);
  const classes = classNumbering(particles);
  const further = extraNames(particles);
  const kept = KEPT.flatMap(([column, key]) =>
    further.has(`dynamo_${key}`) ? [{ column, name: `dynamo_${key}` }] : [],
  );
  const line = (particle: Particle, index: number) => {
    const { orientation, score, tomogramName, extra } = particle;
    const row = new Array<string>(WRITTEN_COLUMNS).fill("0");
    const set = (column: number, ...values: string[]) => {
      for (let i = 0; i < values.length; i++) row[column - 1 + i] = values[i];
    };
    set(1, String(index + 1), "1", "1");
    for (const { column, name } of kept) {
      const value = columnNumber(extra, name);
      if (value !== undefined) set(column, String(value));
    }
    if (orientation) {
      const [tdrot, tilt, narot] = dynamoFromQuaternion(orientation);
      set(7, decimalText(tdrot), decimalText(tilt), decimalText(narot));
    }
    if (score !== undefined) set(10, scoreText(score));
    set(20, String(tomograms.get(tomogramName ?? "") ?? 1));
    set(22, String(classes.get(classLabel(particle) ?? "") ?? 0));
    const { x, y, z } = positions[index];
    set(24, decimalText(x / voxelSize + 1), decimalText(y / voxelSize + 1), decimalText(z / voxelSize + 1));
    set(36, size);
    return `${row.join(" ")}\n`;
  };
  for (let start = 0; start < particles.length; start += ROWS_AT_ONCE)
    yield particles
      .slice(start, start + ROWS_AT_ONCE)
      .map((particle, i) => line(particle, start + i))
      .join("");
}

/** Rows that are kept as texts of their own until they become one. */
const ROWS_AT_ONCE = 4096;

/** Dynamo's list of the tomograms that column 20 numbers: a line of number and file each. */
export function writeDynamoTomograms(list: ParticleList): string {
  return [...tomogramNumbering(list.particles)].map(([name, number]) => `${number} ${name}\n`).join("");
}
