import { FormatError } from "../../../errors.js";
import { isNumber, parseCsv } from "../../text/csv.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { createColumns } from "../model/columns.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scoreText, voxelSizeToRead } from "../model/placement.js";
import { csvLines } from "./particles.js";

/**
 * The points that napari saves: columns index, axis-0, axis-1, axis-2 (z, y, x in voxels, the first being 0) and the
 * points' properties.
 */
export const napariCodec: ParticleCodec = {
  label: "napari points",
  holds: { orientation: false, score: true, classes: "name", tomograms: "name", extra: true },
  inVoxels: true,
  decode: decodeNapari,
  encode: encodeNapari,
};

/** Whether columns are those of napari's points: axes by number, z first. */
export function isNapariHeader(header: readonly string[] | undefined): boolean {
  return ["axis-0", "axis-1", "axis-2"].every((axis) => header?.includes(axis));
}

function decodeNapari(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const { header, rows } = parseCsv(textOf(bytes), { name });
  if (!header || !isNapariHeader(header))
    throw new FormatError("the columns axis-0, axis-1 and axis-2 are not all there", name, {
      hint: `The columns are: ${header?.join(", ") ?? "not named"}.`,
    });
  const voxelSize = voxelSizeToRead(options, name);
  // A layer of more dimensions has the spatial ones last.
  const axes = header.filter((column) => /^axis-\d+$/.test(column)).sort();
  const [zColumn, yColumn, xColumn] = axes.slice(-3).map((axis) => header.indexOf(axis));
  const known = new Set(["index", "class", "score", "tomogram", ...axes]);
  const extras = header.flatMap((column, index) => (known.has(column) ? [] : ([[column, index]] as const)));
  const particles = rows.map((row, index): Particle => {
    const coordinate = (column: number): number => {
      if (isNumber(row[column])) return Number(row[column]) * voxelSize;
      throw new FormatError(`"${row[column]}" is not a number`, `${name}, row ${index + 1}`);
    };
    const text = (column: string): string | undefined => row[header.indexOf(column)] || undefined;
    const [className, score, tomogramName] = [text("class"), Number(text("score") ?? Number.NaN), text("tomogram")];
    return {
      positionAngstrom: { x: coordinate(xColumn), y: coordinate(yColumn), z: coordinate(zColumn) },
      ...(className !== undefined && { className }),
      ...(Number.isFinite(score) && { score }),
      ...(tomogramName !== undefined && { tomogramName }),
      extra: Object.fromEntries(extras.map(([column, index]) => [column, row[index]])),
    };
  });
  return voxelList(particles, voxelSize);
}

function encodeNapari(list: ParticleList, options: EncodeOptions): string {
  const positions = positionsInVoxels(list, options);
  const { columns, add, addExtra } = createColumns(list.particles);
  columns.push(["index", positions.map((_, index) => String(index))]);
  for (const [axis, name] of (["z", "y", "x"] as const).entries())
    columns.push([`axis-${axis}`, positions.map((position) => decimalText(position[name]))]);
  add("class", classLabel);
  add("score", ({ score }) => (score === undefined ? undefined : scoreText(score)));
  add("tomogram", ({ tomogramName }) => tomogramName);
  addExtra();
  return `${csvLines(columns).join("\n")}\n`;
}
