/** Angles as programs give them: three rotations about z, an axis across it, and z again. */
import {
  conjugateQuaternion,
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionToMatrix,
  type Vector3,
} from "../../../volume/index.js";

/** Degrees: about z by phi, then about the fixed x axis by theta, then about the fixed z axis by psi. */
export interface ZxzAngles {
  readonly phiDegrees: number;
  readonly thetaDegrees: number;
  readonly psiDegrees: number;
}

/**
 * The rotation from the reference to the particle as TOM, STOPGAP and PyTom mean their angles: R = Rz(psi) Rx(theta)
 * Rz(phi), each right-handed. PyTom calls phi Z1, theta X and psi Z2.
 */
export function quaternionFromZxz({ phiDegrees, thetaDegrees, psiDegrees }: ZxzAngles): Quaternion {
  return threeRotations([phiDegrees, thetaDegrees, psiDegrees], { x: 1, y: 0, z: 0 });
}

/**
 * The angles of a rotation, zeros where there is none: theta in [0, 180], the others in (-180, 180]; phi is 0 where only phi
 * and psi together count.
 */
export function zxzFromQuaternion(orientation: Quaternion | undefined): ZxzAngles {
  if (!orientation) return { phiDegrees: 0, thetaDegrees: 0, psiDegrees: 0 };
  // The last column of R is (sin psi sin theta, -cos psi sin theta, cos theta), the last row (sin theta sin phi, sin theta cos phi, cos theta).
  const [a, , c, d, , f, g, h, i] = quaternionToMatrix(orientation);
  const sine = Math.hypot(g, h);
  const thetaDegrees = degrees(Math.atan2(sine, i));
  if (sine < 1e-7) return { phiDegrees: 0, thetaDegrees, psiDegrees: degrees(Math.atan2(d, a)) };
  return { phiDegrees: degrees(Math.atan2(g, h)), thetaDegrees, psiDegrees: degrees(Math.atan2(c, -f)) };
}

/**
 * The rotation from the reference to the particle of Dynamo's tdrot, tilt and narot: the inverse of the same rotations in
 * TOM's sense, R = Rz(-tdrot) Rx(-tilt) Rz(-narot).
 */
export function quaternionFromDynamo(tdrotDegrees: number, tiltDegrees: number, narotDegrees: number): Quaternion {
  return conjugateQuaternion(
    quaternionFromZxz({ phiDegrees: tdrotDegrees, thetaDegrees: tiltDegrees, psiDegrees: narotDegrees }),
  );
}

/** Dynamo's tdrot, tilt and narot of a rotation, in degrees: tilt in [0, 180], the others in (-180, 180]. */
export function dynamoFromQuaternion(orientation: Quaternion): [tdrot: number, tilt: number, narot: number] {
  const { phiDegrees, thetaDegrees, psiDegrees } = zxzFromQuaternion(conjugateQuaternion(orientation));
  return [phiDegrees, thetaDegrees, psiDegrees];
}

/** RELION's three angles in degrees: rot about z, tilt about the new y, psi about the new z. */
export interface RelionAngles {
  readonly rotDegrees: number;
  readonly tiltDegrees: number;
  readonly psiDegrees: number;
}

/**
 * The rotation from the reference to the particle, R = Rz(-psi) Ry(-tilt) Rz(-rot): RELION's angles rotate the axes, so
 * its matrix is the inverse of the intrinsic ZYZ rotation (Heymann, Chagoyen, Belnap, J. Struct. Biol. 151 (2005) 196).
 */
export function quaternionFromRelionAngles({ rotDegrees, tiltDegrees, psiDegrees }: RelionAngles): Quaternion {
  return threeRotations([-rotDegrees, -tiltDegrees, -psiDegrees], { x: 0, y: 1, z: 0 });
}

/** The angles of a rotation: tilt in [0, 180], the others in (-180, 180]; rot is 0 where only rot + psi counts. */
export function relionAnglesFromQuaternion(orientation: Quaternion): RelionAngles {
  const [a, b, c, , , f, g, h, i] = quaternionToMatrix(orientation);
  const sine = Math.hypot(g, h);
  const tiltDegrees = degrees(Math.atan2(sine, i));
  if (sine < 1e-7) return { rotDegrees: 0, tiltDegrees, psiDegrees: degrees(Math.atan2(b, i > 0 ? a : -a)) };
  return { rotDegrees: degrees(Math.atan2(h, g)), tiltDegrees, psiDegrees: degrees(Math.atan2(f, -c)) };
}

/** About z, then about the fixed axis in the middle, then about the fixed z. */
function threeRotations([first, second, third]: readonly [number, number, number], middle: Vector3): Quaternion {
  const z = { x: 0, y: 0, z: 1 };
  return multiplyQuaternions(
    quaternionFromAxisAngle(z, third),
    multiplyQuaternions(quaternionFromAxisAngle(middle, second), quaternionFromAxisAngle(z, first)),
  );
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
