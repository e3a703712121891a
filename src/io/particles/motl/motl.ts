/** The motive list of TOM, AV3 and STOPGAP, whatever file it is in. */
import { FormatError } from "../../../errors.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, voxelList } from "../model/codec.js";
import { quaternionFromZxz, zxzFromQuaternion } from "../model/euler-zxz.js";
import { classNumbering, tomogramNumbering } from "../model/numbering.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { positionsInVoxels, voxelSizeToRead } from "../model/placement.js";

/** One particle of a motive list. Coordinates count the first voxel as 1, as Matlab does; shifts are added to them. */
export interface MotlRow {
  readonly score: number;
  readonly subtomogram: number;
  readonly tomogram: number;
  readonly object: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly shiftZ: number;
  readonly phi: number;
  readonly psi: number;
  readonly theta: number;
  readonly class: number;
}

/** The list of motive rows. @throws FormatError for coordinates or angles that are no numbers; ConfigError. */
export function particlesOfMotl(rows: readonly MotlRow[], options: DecodeOptions): ParticleList {
  const voxelSize = voxelSizeToRead(options, options.name);
  const scored = rows.some(({ score }) => score !== 0);
  const particles = rows.map((row, index): Particle => {
    const position = [row.x + row.shiftX - 1, row.y + row.shiftY - 1, row.z + row.shiftZ - 1];
    if (![...position, row.phi, row.psi, row.theta].every(Number.isFinite))
      throw new FormatError("a coordinate or angle is not finite", `${options.name}, particle ${index + 1}`);
    const [x, y, z] = position.map((value) => value * voxelSize) as [number, number, number];
    return {
      positionAngstrom: { x, y, z },
      orientation: quaternionFromZxz({ phiDegrees: row.phi, thetaDegrees: row.theta, psiDegrees: row.psi }),
      ...(scored && { score: row.score }),
      classNumber: row.class,
      tomogramName: String(row.tomogram),
      extra: {
        motl_subtomogram: String(row.subtomogram),
        ...(row.object !== 0 && { motl_object: String(row.object) }),
      },
    };
  });
  return voxelList(particles, voxelSize);
}

/** What of `Particle.extra` a motive list holds. */
export const MOTL_EXTRA = /^motl_(subtomogram|object)$/;

/** The rows of a list: whole voxels as coordinates, and what is left as shifts, because programs cut boxes there. */
export function motlOfParticles(list: ParticleList, options: EncodeOptions): MotlRow[] {
  const { particles } = list;
  const positions = positionsInVoxels(list, options);
  const tomograms = tomogramNumbering(particles);
  const classes = classNumbering(particles);
  return particles.map((particle, index) => {
    const { orientation, score = 0, tomogramName = "", extra } = particle;
    const { phiDegrees = 0, thetaDegrees = 0, psiDegrees = 0 } = orientation ? zxzFromQuaternion(orientation) : {};
    const { x, y, z } = positions[index];
    const whole = [x, y, z].map((value) => Math.round(value + 1)) as [number, number, number];
    return {
      score,
      subtomogram: Number(extra.motl_subtomogram) || index + 1,
      tomogram: tomograms.get(tomogramName) ?? 1,
      object: Number(extra.motl_object) || 0,
      x: whole[0],
      y: whole[1],
      z: whole[2],
      shiftX: x + 1 - whole[0],
      shiftY: y + 1 - whole[1],
      shiftZ: z + 1 - whole[2],
      phi: phiDegrees,
      psi: psiDegrees,
      theta: thetaDegrees,
      class: classes.get(classLabel(particle) ?? "") ?? 0,
    };
  });
}
