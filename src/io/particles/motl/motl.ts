/** The motivelist of TOM, AV3 and STOPGAP, whatever file it is in. */
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type Holdings, voxelList } from "../model/codec.js";
import { quaternionFromZxz, zxzFromQuaternion } from "../model/euler.js";
import { classNumbering, tomogramNumbering } from "../model/numbering.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { positionsInVoxels, scaled, voxelSizeToRead } from "../model/placement.js";
import { columnNumber } from "../model/score.js";

/**
 * The fields of a motivelist in the order of STOPGAP's files: the index (from 0) among the twenty numbers of the .em form, and
 * STOPGAP's name of the column. Source: the AV3 and TOM toolboxes' description of the twenty values, and STOPGAP's of its file.
 */
export const MOTL_FIELDS = {
  tomogram: { index: 4, column: "tomo_num" },
  object: { index: 5, column: "object" },
  subtomogram: { index: 3, column: "subtomo_num" },
  x: { index: 7, column: "orig_x" },
  y: { index: 8, column: "orig_y" },
  z: { index: 9, column: "orig_z" },
  score: { index: 0, column: "score" },
  shiftX: { index: 10, column: "x_shift" },
  shiftY: { index: 11, column: "y_shift" },
  shiftZ: { index: 12, column: "z_shift" },
  phi: { index: 16, column: "phi" },
  psi: { index: 17, column: "psi" },
  theta: { index: 18, column: "the" },
  class: { index: 19, column: "class" },
} as const;

/** A field of a motivelist. */
export type MotlField = keyof typeof MOTL_FIELDS;

/** One particle of a motivelist. Coordinates count the first voxel as 1, as MATLAB does; shifts are added to them. */
export type MotlRow = Readonly<Record<MotlField, number>>;

/** What a motivelist has room for. */
export const MOTL_HOLDS: Holdings = {
  orientation: true,
  score: true,
  classes: "number",
  tomograms: "number",
  extra: /^motl_(subtomogram|object)$/,
};

/** The particles of a motivelist. @throws ConfigError when the voxel size is not known. */
export function particlesOfMotl(
  count: number,
  numberOf: (field: MotlField, row: number) => number,
  options: DecodeOptions,
): ParticleList {
  const voxelSize = voxelSizeToRead(options, options.name);
  const fields = Object.keys(MOTL_FIELDS) as MotlField[];
  const rows = Array.from(
    { length: count },
    (_, index) => Object.fromEntries(fields.map((field) => [field, numberOf(field, index)])) as MotlRow,
  );
  const scored = rows.some(({ score }) => score !== 0 && !Number.isNaN(score));
  const particles = rows.map((row): Particle => {
    const position = { x: row.x + row.shiftX - 1, y: row.y + row.shiftY - 1, z: row.z + row.shiftZ - 1 };
    return {
      positionAngstrom: scaled(position, voxelSize),
      orientation: quaternionFromZxz({ phiDegrees: row.phi, thetaDegrees: row.theta, psiDegrees: row.psi }),
      ...(scored && { score: row.score }),
      classNumber: row.class,
      ...(!Number.isNaN(row.tomogram) && { tomogramName: String(row.tomogram) }),
      extra: {
        motl_subtomogram: String(row.subtomogram),
        ...(row.object !== 0 && { motl_object: String(row.object) }),
      },
    };
  });
  return voxelList(particles, voxelSize);
}

/** The rows of a list: whole voxels as coordinates, and what is left as shifts, because programs cut boxes there. */
export function motlOfParticles(list: ParticleList, options: EncodeOptions): MotlRow[] {
  const { particles } = list;
  const positions = positionsInVoxels(list, options);
  const tomograms = tomogramNumbering(particles);
  const classes = classNumbering(particles);
  return particles.map((particle, index) => {
    const { orientation, score = 0, tomogramName = "", extra } = particle;
    const { phiDegrees, thetaDegrees, psiDegrees } = zxzFromQuaternion(orientation);
    const position = positions[index];
    const [x, y, z] = [position.x, position.y, position.z].map((value) => Math.round(value + 1));
    return {
      score,
      subtomogram: columnNumber(extra, "motl_subtomogram") || index + 1,
      tomogram: tomograms.get(tomogramName) ?? 1,
      object: columnNumber(extra, "motl_object") || 0,
      x,
      y,
      z,
      shiftX: position.x + 1 - x,
      shiftY: position.y + 1 - y,
      shiftZ: position.z + 1 - z,
      phi: phiDegrees,
      psi: psiDegrees,
      theta: thetaDegrees,
      class: classes.get(classLabel(particle) ?? "") ?? 0,
    };
  });
}
