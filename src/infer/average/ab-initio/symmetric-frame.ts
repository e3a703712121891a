import {
  centreOfMass,
  composePoses,
  createVolume,
  type FoundSymmetry,
  findSymmetry,
  type PointGroupName,
} from "../../../volume/index.js";
import type { LikelyPose } from "./iteration.js";

/** What is believed of a reference before its symmetry is looked for. */
export interface SymmetryEvidence {
  readonly voxelSizeAngstrom: number;
  /** By shell: correlation of the halves. */
  readonly correlation: Float64Array;
  /** Where the halves stop agreeing. */
  readonly resolutionAngstrom: number;
  /** A point group, or "find" for the largest that there is. */
  readonly wanted: PointGroupName | "find";
}

const NO_TURN = { w: 1, x: 0, y: 0, z: 0 };

/**
 * Brings the centre of mass of a reference to the centre and its axes to where RELION has those of its point group.
 * @param volumeOf the reference that follows from poses, masked to the particle.
 * @returns the poses in that frame, and the symmetry: C1 where the one that is wanted does not show.
 */
export async function symmetricFrame(
  poses: readonly LikelyPose[],
  volumeOf: (poses: readonly LikelyPose[]) => Promise<Float32Array>,
  { voxelSizeAngstrom, correlation, resolutionAngstrom, wanted }: SymmetryEvidence,
): Promise<{ readonly poses: readonly LikelyPose[]; readonly symmetry: FoundSymmetry }> {
  const mapOf = async (of: readonly LikelyPose[]) => {
    const data = await volumeOf(of);
    const edge = Math.round(Math.cbrt(data.length));
    return createVolume([edge, edge, edge], voxelSizeAngstrom, data);
  };
  const centre = centreOfMass(await mapOf(poses)) ?? { x: 0, y: 0, z: 0 };
  const centred = poses.map((pose) => ({ ...pose, ...composePoses(pose, { rotation: NO_TURN, shiftVoxels: centre }) }));
  const reliability = correlation.map((value) => (2 * Math.max(0, value)) / (1 + Math.max(0, value)));
  const found = findSymmetry(await mapOf(centred), { resolutionAngstrom, reliability });
  if (wanted !== "find" && found.pointGroup !== wanted)
    return { poses: centred, symmetry: { ...found, pointGroup: "C1", rotation: NO_TURN } };
  const turn = { rotation: found.rotation, shiftVoxels: { x: 0, y: 0, z: 0 } };
  return { poses: centred.map((pose) => ({ ...pose, ...composePoses(pose, turn) })), symmetry: found };
}
