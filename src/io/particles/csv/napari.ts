import { FormatError } from "../../../errors.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { createColumns } from "../model/columns.js";
import type { ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scoreText, voxelSizeToRead } from "../model/placement.js";
import { csvOfColumns } from "./particles.js";
import { type ColumnNames, parseParticleTable, particlesOfTable } from "./table.js";

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

/** A layer of more dimensions has the spatial ones last. */
function namesOf(header: readonly string[]): ColumnNames {
  const axes = header.filter((column) => /^axis-\d$/.test(column)).sort();
  const [z, y, x] = axes.slice(-3);
  return {
    ...(x !== undefined && { x: [x], y: [y], z: [z] }),
    index: ["index"],
    class: ["class"],
    score: ["score"],
    tomogram: ["tomogram"],
  };
}

function decodeNapari(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const table = parseParticleTable(textOf(bytes), name, namesOf);
  if (!table.header) throw new FormatError("the columns axis-0, axis-1 and axis-2 are not all there", name);
  const voxelSize = voxelSizeToRead(options, name);
  return voxelList(particlesOfTable(table, voxelSize), voxelSize, table.warnings);
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
  addExtra(undefined, { renamed: true });
  return csvOfColumns(columns);
}
