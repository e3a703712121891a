import {
  centreOfMass,
  createVolume,
  type FoundSymmetry,
  findSymmetry,
  NO_SYMMETRY,
  NO_TURN,
  type PointGroupName,
  placeSymmetry,
} from "../../../volume/index.js";
import { inFrame, type LikelyPose } from "./likely-pose.js";

/** The averages that follow from poses, `[edge, edge, edge]`, masked to the particle by a sphere. */
export interface VolumesOfPoses {
  /** Of all particles. */
  readonly whole: (poses: readonly LikelyPose[]) => Promise<Float32Array>;
  /** Of either half, not filtered. */
  readonly halves: (poses: readonly LikelyPose[]) => Promise<readonly [Float32Array, Float32Array]>;
}

interface SymmetricFrameOptions {
  readonly voxelSizeAngstrom: number;
  /** A point group that the particles are said to have, or "find" for the largest that the halves show. */
  readonly wanted: PointGroupName | "find";
}

/**
 * Brings the centre of mass of a reference to the centre and its axes to where RELION has those of its point group.
 * @returns the poses in that frame, and the symmetry: C1 where none is found, or the halves show nothing to place the axes of the given by.
 */
export async function symmetricFrame(
  poses: readonly LikelyPose[],
  volumesOf: VolumesOfPoses,
  { voxelSizeAngstrom, wanted }: SymmetricFrameOptions,
): Promise<{ readonly poses: readonly LikelyPose[]; readonly symmetry: FoundSymmetry }> {
  const mapOf = (data: Float32Array) => {
    const edge = Math.round(Math.cbrt(data.length));
    return createVolume([edge, edge, edge], voxelSizeAngstrom, data);
  };
  const centre = centreOfMass(mapOf(await volumesOf.whole(poses))) ?? { x: 0, y: 0, z: 0 };
  const centred = poses.map((pose) => inFrame(pose, { rotation: NO_TURN, shiftVoxels: centre }));
  if (wanted === "C1") return { poses: centred, symmetry: NO_SYMMETRY };
  const [one, other] = await volumesOf.halves(centred);
  const halves = [mapOf(one), mapOf(other)] as const;
  const symmetry = wanted === "find" ? findSymmetry(halves) : (placeSymmetry(halves, wanted) ?? NO_SYMMETRY);
  const turn = { rotation: symmetry.rotation, shiftVoxels: { x: 0, y: 0, z: 0 } };
  return { poses: centred.map((pose) => inFrame(pose, turn)), symmetry };
}
