import { FormatError } from "../../../errors.js";
import { eachRow, type Steps } from "../../steps.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { classNumbering } from "../model/numbering.js";
import { NO_EXTRA, type Particle, type ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scaled, voxelSizeToRead } from "../model/placement.js";
import { numberTable } from "../model/rows.js";

/** DeepETPicker's `.coords`: class x y z, voxels from the first, which is 0. */
export const deepEtPickerCodec: ParticleCodec = {
  label: "DeepETPicker list",
  holds: { orientation: false, score: false, classes: "number", tomograms: "one", extra: false, nothing: false },
  inVoxels: true,
  assumption: () => "of four columns of numbers the first is taken as the class; --from coords takes them as x, y, z",
  decode: decodeCoords,
  encode: encodeCoords,
};

/** Lists of more classes than this are not known; coordinates of particles are seldom all below it. */
const HIGHEST_CLASS = 99;

/**
 * Whether rows of four numbers are class, x, y and z, and not x, y, z and something else: all first numbers are whole and
 * small, and the last are not scores, which lie between 0 and 1.
 */
export function isClassFirst(rows: readonly ArrayLike<number>[]): boolean {
  return (
    rows.length > 0 &&
    rows.every((row) => row.length === 4 && isClass(row[0])) &&
    rows.some((row) => Math.abs(row[3]) > 1)
  );
}

function isClass(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= HIGHEST_CLASS;
}

function* decodeCoords(bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  const { name } = options;
  const voxelSize = voxelSizeToRead(options, name);
  const { rowCount, columnCount, at, warnings } = yield* numberTable(textOf(bytes), { name, minimumColumns: 4 });
  const particles = yield* eachRow(rowCount, (row): Particle => {
    const classNumber = at(row, 0);
    if (columnCount !== 4 || !isClass(classNumber))
      throw new FormatError("expected a class (a small whole number), x, y and z", `${name}, particle ${row + 1}`, {
        hint: "If the columns are x, y, z and something else, say --from coords.",
      });
    const position = scaled({ x: at(row, 1), y: at(row, 2), z: at(row, 3) }, voxelSize);
    return { positionAngstrom: position, classNumber, extra: NO_EXTRA };
  });
  return voxelList(particles, voxelSize, warnings);
}

function encodeCoords(list: ParticleList, options: EncodeOptions): string {
  const classes = classNumbering(list.particles);
  return positionsInVoxels(list, options)
    .map(({ x, y, z }, index) => {
      const classNumber = classes.get(classLabel(list.particles[index]) ?? "") ?? 1;
      return `${classNumber}\t${decimalText(x)}\t${decimalText(y)}\t${decimalText(z)}\n`;
    })
    .join("");
}
