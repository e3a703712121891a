import {
  conjugateQuaternion,
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionToMatrix,
} from "../../../volume/index.js";

/** Turns about z by phi, then about the fixed x axis by theta, then about the fixed z axis by psi; in degrees. */
export interface ZxzAngles {
  readonly phiDegrees: number;
  readonly thetaDegrees: number;
  readonly psiDegrees: number;
}

const X = { x: 1, y: 0, z: 0 };
const Z = { x: 0, y: 0, z: 1 };

/**
 * The rotation from the reference to the particle as TOM, STOPGAP and PyTom mean their angles: R = Rz(psi) Rx(theta)
 * Rz(phi), each turn right-handed. PyTom calls phi Z1, theta X and psi Z2.
 */
export function quaternionFromZxz({ phiDegrees, thetaDegrees, psiDegrees }: ZxzAngles): Quaternion {
  return multiplyQuaternions(
    quaternionFromAxisAngle(Z, psiDegrees),
    multiplyQuaternions(quaternionFromAxisAngle(X, thetaDegrees), quaternionFromAxisAngle(Z, phiDegrees)),
  );
}

/** The angles of a rotation: theta in [0, 180], the others in (-180, 180]; phi is 0 where only phi and psi together count. */
export function zxzFromQuaternion(orientation: Quaternion): ZxzAngles {
  // The last column of R is (sin psi sin theta, -cos psi sin theta, cos theta), the last row (sin theta sin phi, sin theta cos phi, cos theta).
  const [a, , c, d, , f, g, h, i] = quaternionToMatrix(orientation);
  const sine = Math.hypot(g, h);
  const thetaDegrees = degrees(Math.atan2(sine, i));
  if (sine < 1e-7) return { phiDegrees: 0, thetaDegrees, psiDegrees: degrees(Math.atan2(d, a)) };
  return {
    phiDegrees: degrees(Math.atan2(g, h)),
    thetaDegrees,
    psiDegrees: degrees(Math.atan2(c, -f)),
  };
}

/** Dynamo's angles in degrees. */
export interface DynamoAngles {
  readonly tdrotDegrees: number;
  readonly tiltDegrees: number;
  readonly narotDegrees: number;
}

/**
 * The rotation from the reference to the particle of Dynamo's angles: the inverse of the same turns in TOM's sense,
 * R = Rz(-tdrot) Rx(-tilt) Rz(-narot).
 */
export function quaternionFromDynamo({ tdrotDegrees, tiltDegrees, narotDegrees }: DynamoAngles): Quaternion {
  return conjugateQuaternion(
    quaternionFromZxz({ phiDegrees: tdrotDegrees, thetaDegrees: tiltDegrees, psiDegrees: narotDegrees }),
  );
}

/** Dynamo's angles of a rotation: tilt in [0, 180], the others in (-180, 180]. */
export function dynamoFromQuaternion(orientation: Quaternion): DynamoAngles {
  const { phiDegrees, thetaDegrees, psiDegrees } = zxzFromQuaternion(conjugateQuaternion(orientation));
  return { tdrotDegrees: phiDegrees, tiltDegrees: thetaDegrees, narotDegrees: psiDegrees };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
