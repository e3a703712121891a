import type { Vector3 } from "../../../volume/index.js";
import type { Practice } from "../../protocol/index.js";
import {
  PRACTICE_CLASSES,
  PRACTICE_SIZE_ANGSTROM,
  PRACTICE_VOXEL_SIZE_ANGSTROM,
  type TrueParticle,
} from "./practice-tomogram.js";

/** One particle of each class, well inside and as far from its neighbours as any. */
export function suggestions(truth: readonly TrueParticle[]): Practice["suggestions"] {
  return PRACTICE_CLASSES.map((className) => {
    const own = truth.filter((particle) => particle.className === className);
    const best = own.reduce((a, b) => (roomOf(b, truth) > roomOf(a, truth) ? b : a));
    const { x, y, z } = best.positionAngstrom;
    const voxel = (angstrom: number) => Math.round(angstrom / PRACTICE_VOXEL_SIZE_ANGSTROM);
    return { className, position: { x: voxel(x), y: voxel(y), z: voxel(z) } };
  });
}

/** Distance to the nearest particle or face. */
function roomOf(particle: TrueParticle, truth: readonly TrueParticle[]): number {
  const { x, y, z } = particle.positionAngstrom;
  const size = PRACTICE_SIZE_ANGSTROM;
  const faces = [x, y, z, size.x - x, size.y - y, size.z - z];
  const others = truth.filter((other) => other !== particle);
  return Math.min(...faces, ...others.map((other) => distance(other.positionAngstrom, particle.positionAngstrom)));
}

export function distance(a: Vector3, b: Vector3): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}
