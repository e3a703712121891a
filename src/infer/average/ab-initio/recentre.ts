import { conjugateQuaternion, rotateVector, type Vector3 } from "../../../volume/index.js";
import type { Frequencies } from "../../align/frequencies.js";
import { createSpectrumBox } from "../../align/spectrum-box.js";
import type { Averages } from "./iteration.js";
import type { LikelyPose } from "./likely-pose.js";
import type { Reference } from "./reference.js";

/**
 * Moves each reference so that its particles lie about the middle of their boxes: a reference that was begun from a particle off
 * its middle has all others off by as much. Poses move with it.
 */
export function recentred(averages: Averages, frequencies: Frequencies, rows: readonly number[]): Averages {
  const offsets = averages.references.map((_, i) =>
    meanOffset(rows.map((row) => averages.poses[row]).filter(({ reference }) => reference === i)),
  );
  return {
    ...averages,
    references: averages.references.map((reference, i) => movedReference(reference, frequencies, offsets[i])),
    poses: averages.poses.map((pose) => {
      const { x, y, z } = rotateVector(pose.rotation, offsets[pose.reference]);
      const { shiftVoxels: shift } = pose;
      return { ...pose, shiftVoxels: { x: shift.x - x, y: shift.y - y, z: shift.z - z } };
    }),
  };
}

/** Where the middle of the box is in the reference, on average, from its centre: minus the shift, turned back. */
function meanOffset(poses: readonly LikelyPose[]): Vector3 {
  const sum = { x: 0, y: 0, z: 0 };
  for (const { rotation, shiftVoxels } of poses) {
    const { x, y, z } = rotateVector(conjugateQuaternion(rotation), shiftVoxels);
    sum.x += x / poses.length;
    sum.y += y / poses.length;
    sum.z += z / poses.length;
  }
  return sum;
}

/** What was at centre + r comes to centre + r + offset. */
function movedReference({ volume, variance }: Reference, { edge }: Frequencies, { x, y, z }: Vector3): Reference {
  const transform = createSpectrumBox(edge);
  const spectrum = transform.spectrumOf(volume);
  const halfWidth = Math.floor(edge / 2) + 1;
  const signed = (k: number): number => (2 * k < edge ? k : k - edge);
  for (let kz = 0, at = 0; kz < edge; kz++)
    for (let ky = 0; ky < edge; ky++)
      for (let kx = 0; kx < halfWidth; kx++, at += 2) {
        const angle = (-2 * Math.PI * (kx * x + signed(ky) * y + signed(kz) * z)) / edge;
        const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
        const [real, imaginary] = [spectrum[at], spectrum[at + 1]];
        spectrum[at] = cosine * real - sine * imaginary;
        spectrum[at + 1] = cosine * imaginary + sine * real;
      }
  return { volume: transform.boxOf(spectrum), variance };
}
