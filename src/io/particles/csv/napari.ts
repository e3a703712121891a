import { FormatError } from "../../../errors.js";
import { csvLine, isNumber, parseCsv } from "../../text/csv.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scoreText, voxelSizeToRead } from "../model/placement.js";

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
  const [zColumn, yColumn, xColumn] = axes.slice(-3).map((axis) => header.indexOf(axis)) as [number, number, number];
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
      extra: Object.fromEntries(extras.map(([column, place]) => [column, row[place]])),
    };
  });
  return voxelList(particles, voxelSize);
}

function encodeNapari(list: ParticleList, options: EncodeOptions): string {
  const { particles } = list;
  const positions = positionsInVoxels(list, options);
  const properties: [string, (particle: Particle) => string][] = [];
  const add = (column: string, value: (particle: Particle) => string | undefined) => {
    if (particles.some((particle) => value(particle) !== undefined))
      properties.push([column, (particle) => value(particle) ?? ""]);
  };
  add("class", classLabel);
  add("score", ({ score }) => (score === undefined ? undefined : scoreText(score)));
  add("tomogram", ({ tomogramName }) => tomogramName);
  for (const column of new Set(particles.flatMap(({ extra }) => Object.keys(extra))))
    add(column, ({ extra }) => extra[column]);
  const header = csvLine(["index", "axis-0", "axis-1", "axis-2", ...properties.map(([column]) => column)]);
  const rows = particles.map((particle, index) => {
    const { x, y, z } = positions[index];
    return csvLine([
      String(index),
      decimalText(z),
      decimalText(y),
      decimalText(x),
      ...properties.map(([, value]) => value(particle)),
    ]);
  });
  return `${[header, ...rows].join("\n")}\n`;
}
