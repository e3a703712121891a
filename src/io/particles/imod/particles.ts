import { ConfigError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import { eachRow, type Steps } from "../../steps.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { classNumbering } from "../model/numbering.js";
import { NO_EXTRA, type Particle, type ParticleList } from "../model/particle-list.js";
import {
  decimalText,
  plus,
  positionsInVoxels,
  scaled,
  voxelSizeOfList,
  voxelSizeToRead,
  voxelSizeToWrite,
} from "../model/placement.js";
import { numberTable } from "../model/rows.js";
import type { ImodModel, ImodPoint } from "./model.js";
import { readImodModel } from "./read-model.js";
import { imodObjectName, writeImodModel } from "./write-model.js";

const HOLDS = { orientation: false, score: false, classes: "name", tomograms: "one", extra: false } as const;

/**
 * IMOD counts x and y from the corner of the image and z from the middle of the first section: the centre of the first
 * voxel is (0.5, 0.5, 0). Source: the "Indexing and coordinate mapping" notes of IMOD's own MatTomo library.
 */
const FIRST_VOXEL: Vector3 = { x: 0.5, y: 0.5, z: 0 };

/** IMOD's binary model: an object a class, its points in one contour, scores as the points' general values. */
export const imodModelCodec: ParticleCodec = {
  label: "IMOD model",
  fileName: /\.mod$/i,
  holds: { ...HOLDS, score: true },
  inVoxels: true,
  writtenClassName: imodObjectName,
  decode: decodeModel,
  encode: encodeModel,
};

/** What model2point writes and point2model reads: x y z, or contour x y z, or object contour x y z. */
export const imodPointsCodec: ParticleCodec = {
  label: "IMOD point list",
  fileName: /\.(pts|points?|point\.txt)$/i,
  holds: { ...HOLDS, classes: "number", nothing: false },
  inVoxels: true,
  decode: decodePoints,
  encode: encodePoints,
};

function decodeModel(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const model = readImodModel(bytes, { name });
  const { voxelSizeAngstrom: voxelSize, warnings } = voxelSizeOfList(model.voxelSizeAngstrom, options, name);
  const particles = model.objects.flatMap((object, index) =>
    object.contours.flat().map(
      (point): Particle => ({
        positionAngstrom: position(onWholeImage(point, model), voxelSize),
        ...(point.value !== undefined && { score: point.value }),
        ...(object.name !== "" && { className: object.name }),
        classNumber: index + 1,
        extra: {},
      }),
    ),
  );
  return voxelList(particles, voxelSize, [...warnings, ...displayWarnings(model)]);
}

/** A point's place in the whole image, with y and z as the image has them: points are kept as they were last seen. */
function onWholeImage({ x, y, z }: ImodPoint, { flipped, start }: ImodModel): Vector3 {
  return plus(flipped ? { x, y: z, z: y } : { x, y, z }, start);
}

function displayWarnings({ flipped, start, zScale }: ImodModel): string[] {
  const warnings: string[] = [];
  if (flipped) warnings.push("the model was drawn on an image with y and z exchanged; they are exchanged back");
  if (start.x !== 0 || start.y !== 0 || start.z !== 0)
    warnings.push(
      `the model was drawn on a part of its image, which begins at voxel ${start.x}, ${start.y}, ${start.z}`,
    );
  if (Math.abs(zScale - 1) > 0.01)
    warnings.push(`the model's z scale is ${Number(zScale.toPrecision(4))}; positions take voxels as cubic`);
  return warnings;
}

function position(point: Vector3, voxelSize: number): Vector3 {
  return scaled(plus(point, FIRST_VOXEL, -1), voxelSize);
}

function imodPoints(list: ParticleList, options: EncodeOptions): Vector3[] {
  return positionsInVoxels(list, options).map((point) => plus(point, FIRST_VOXEL));
}

/** Points by class, in the order in which the classes appear. */
function byClass<T>(particles: readonly Particle[], items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [index, particle] of particles.entries()) {
    const label = classLabel(particle) ?? "";
    const group = groups.get(label) ?? [];
    group.push(items[index]);
    groups.set(label, group);
  }
  return groups;
}

function encodeModel(list: ParticleList, options: EncodeOptions): Uint8Array {
  const voxelSizeAngstrom = voxelSizeToWrite(list, options);
  const points = imodPoints(list, options);
  const size = options.tomogramSizeAngstrom;
  const edge = (axis: "x" | "y" | "z") =>
    Math.ceil(
      size ? size[axis] / voxelSizeAngstrom : points.reduce((largest, point) => Math.max(largest, point[axis]), 1),
    );
  const scored = points.map((point, index): ImodPoint => ({ ...point, value: list.particles[index].score }));
  const objects = [...byClass(list.particles, scored)].map(([label, group]) => ({ name: label, contours: [group] }));
  return writeImodModel(
    { objects, maximum: { x: edge("x"), y: edge("y"), z: edge("z") }, voxelSizeAngstrom },
    { radiusVoxels: (options.boxSizeVoxels ?? 10) / 2 },
  );
}

function* decodePoints(bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  const { name } = options;
  const { rowCount, columnCount, at, warnings } = yield* numberTable(textOf(bytes), { name, minimumColumns: 3 });
  if (columnCount > 5)
    throw new ConfigError(`${columnCount} numbers a line are not IMOD points`, {
      where: name,
      hint: "Say what the file is (--from).",
    });
  const voxelSize = voxelSizeToRead(options, name);
  const first = columnCount - 3;
  const particles = yield* eachRow(rowCount, (row): Particle => {
    const point = { x: at(row, first), y: at(row, first + 1), z: at(row, first + 2) };
    return {
      positionAngstrom: position(point, voxelSize),
      ...(columnCount === 5 && { classNumber: at(row, 0) }),
      extra: NO_EXTRA,
    };
  });
  return voxelList(particles, voxelSize, warnings);
}

function encodePoints(list: ParticleList, options: EncodeOptions): string {
  const numbers = classNumbering(list.particles);
  return imodPoints(list, options)
    .map(({ x, y, z }, index) => {
      const point = [x, y, z].map((value) => decimalText(value)).join(" ");
      // point2model counts objects and contours from 1.
      return numbers.size > 1
        ? `${numbers.get(classLabel(list.particles[index]) ?? "") ?? 1} 1 ${point}\n`
        : `${point}\n`;
    })
    .join("");
}
