import {
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionToMatrix,
} from "../../../volume/index.js";

/** RELION's three angles in degrees: rot about z, tilt about the new y, psi about the new z. */
export interface RelionAngles {
  readonly rotDegrees: number;
  readonly tiltDegrees: number;
  readonly psiDegrees: number;
}

const Y = { x: 0, y: 1, z: 0 };
const Z = { x: 0, y: 0, z: 1 };

/**
 * The rotation from the reference to the particle, R = Rz(-psi) Ry(-tilt) Rz(-rot): RELION's angles turn the axes, so
 * its matrix is the inverse of the intrinsic ZYZ rotation (Heymann, Chagoyen, Belnap, J. Struct. Biol. 151 (2005) 196).
 */
export function quaternionFromRelionAngles({ rotDegrees, tiltDegrees, psiDegrees }: RelionAngles): Quaternion {
  return multiplyQuaternions(
    quaternionFromAxisAngle(Z, -psiDegrees),
    multiplyQuaternions(quaternionFromAxisAngle(Y, -tiltDegrees), quaternionFromAxisAngle(Z, -rotDegrees)),
  );
}

/** The angles of a rotation: tilt in [0, 180], the others in (-180, 180]; rot is 0 where only rot + psi counts. */
export function relionAnglesFromQuaternion(orientation: Quaternion): RelionAngles {
  const [a, b, c, , , f, g, h, i] = quaternionToMatrix(orientation);
  const sine = Math.hypot(g, h);
  const tiltDegrees = degrees(Math.atan2(sine, i));
  if (sine < 1e-7) return { rotDegrees: 0, tiltDegrees, psiDegrees: degrees(Math.atan2(b, i > 0 ? a : -a)) };
  return { rotDegrees: degrees(Math.atan2(h, g)), tiltDegrees, psiDegrees: degrees(Math.atan2(f, -c)) };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
