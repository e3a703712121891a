import { FormatError } from "../../../errors.js";
import { eachRow, type Steps } from "../../steps.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import {
  decimalText,
  positionsInVoxels,
  scaled,
  scoreText,
  voxelSizeOfList,
  voxelSizeToWrite,
} from "../model/placement.js";
import { commonFact, statedVoxelSize, withStatedVoxelSize } from "../model/tomogram-facts.js";
import { type ColumnNames, parseParticleTable, particlesOfTable } from "./table.js";
import { csvOfParticles } from "./write-columns.js";

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

function* decodeNapari(bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  const { name } = options;
  const table = yield* parseParticleTable(textOf(bytes), name, namesOf);
  if (!table.header) throw new FormatError("the columns axis-0, axis-1 and axis-2 are not all there", name);
  const inVoxels = yield* particlesOfTable(table, 1);
  // The voxels are those of the tomogram that was looked at.
  const stated = commonFact(inVoxels, name, statedVoxelSize);
  const { voxelSizeAngstrom: voxelSize, warnings } = voxelSizeOfList(stated, options, name);
  const particles = yield* eachRow(inVoxels.length, (row): Particle => {
    const { positionAngstrom: position, ...rest } = inVoxels[row];
    return { ...rest, ...(position && { positionAngstrom: scaled(position, voxelSize) }) };
  });
  return voxelList(particles, voxelSize, [...table.warnings, ...warnings]);
}

function encodeNapari(list: ParticleList, options: EncodeOptions): Iterable<string> {
  const positions = positionsInVoxels(list, options);
  const voxelSize = voxelSizeToWrite(list, options);
  return csvOfParticles(
    list.particles.map((particle) => withStatedVoxelSize(particle, voxelSize)),
    [
      { name: "index", always: true, value: (_, index) => String(index) },
      ...(["z", "y", "x"] as const).map((name, axis) => ({
        name: `axis-${axis}`,
        always: true,
        value: (_: Particle, index: number) => decimalText(positions[index][name]),
      })),
      { name: "class", value: classLabel },
      { name: "score", value: ({ score }) => (score === undefined ? undefined : scoreText(score)) },
      { name: "tomogram", value: ({ tomogramName }) => tomogramName },
    ],
  );
}
