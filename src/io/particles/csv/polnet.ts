import type { Steps } from "../../steps.js";
import { csvLine } from "../../text/csv-write.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { classNumbering } from "../model/numbering.js";
import type { ParticleList } from "../model/particle-list.js";
import { decimalText, positionsFromFirstVoxel } from "../model/placement.js";
import { type ColumnNames, parseParticleTable, particlesOfTable } from "./table.js";

/**
 * PolNet's list of motifs, a table with tabs: X, Y, Z in Angstrom from the first voxel, and the unit quaternion Q1 (its real
 * part), Q2, Q3, Q4 that turns the reference onto the particle. Source: PolNet's affine transformations, whose matrix of a
 * quaternion takes local to global coordinates and whose numbers stand in the order w, x, y, z.
 */
export const polnetCodec: ParticleCodec = {
  label: "PolNet motif list",
  holds: {
    orientation: true,
    score: false,
    classes: "name",
    tomograms: "name",
    extra: /^(Density|Micrographs|PolyData|Type|Polymer)$/,
  },
  decode: decodeMotifs,
  encode: encodeMotifs,
};

const NAMES: ColumnNames = {
  x: ["x"],
  y: ["y"],
  z: ["z"],
  qw: ["q1"],
  qx: ["q2"],
  qy: ["q3"],
  qz: ["q4"],
  class: ["code"],
  classNumber: ["label"],
  tomogram: ["tomo3d"],
};

/** Whether columns are those of a list of motifs. */
export function isPolnetHeader(header: readonly string[] | undefined): boolean {
  const lower = header?.map((column) => column.toLowerCase()) ?? [];
  return ["code", "x", "y", "z", "q1", "q2", "q3", "q4"].every((column) => lower.includes(column));
}

function* decodeMotifs(
  bytes: Uint8Array,
  { name, voxelSizeAngstrom, tomogramVoxelSizeAngstrom }: DecodeOptions,
): Steps<ParticleList> {
  const table = yield* parseParticleTable(textOf(bytes), name, () => NAMES);
  return voxelList(yield* particlesOfTable(table, 1), voxelSizeAngstrom ?? tomogramVoxelSizeAngstrom, table.warnings);
}

function encodeMotifs(list: ParticleList, options: EncodeOptions): string {
  const positions = positionsFromFirstVoxel(list, options);
  const classes = classNumbering(list.particles);
  const lines = list.particles.map((particle, index) => {
    const { extra, tomogramName = "", orientation } = particle;
    const own = (column: string) => (Object.hasOwn(extra, column) ? extra[column] : "");
    const label = classLabel(particle) ?? "";
    const { x, y, z } = positions[index];
    const quaternion = orientation ? [orientation.w, orientation.x, orientation.y, orientation.z] : [1, 0, 0, 0];
    return [
      ...[own("Density"), own("Micrographs"), own("PolyData"), tomogramName, own("Type")],
      ...[String(classes.get(label) ?? 1), label, own("Polymer")],
      ...[x, y, z].map((value) => decimalText(value)),
      ...quaternion.map((value) => decimalText(value, 9)),
    ];
  });
  return [COLUMNS, ...lines].map((values) => `${csvLine(values, "\t")}\n`).join("");
}

const COLUMNS: readonly string[] = [
  ...["Density", "Micrographs", "PolyData", "Tomo3D", "Type", "Label", "Code", "Polymer"],
  ...["X", "Y", "Z", "Q1", "Q2", "Q3", "Q4"],
];
