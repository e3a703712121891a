import type { OnnxRuntime } from "../../../runtime/index.js";
import { composePoses, invertPose, type Pose } from "../../../volume/index.js";
import { createAligner } from "../../align/align-pose.js";
import { createSpectrumBox } from "../../align/spectrum-box.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import type { Averages } from "./iteration.js";

export interface CommonFrameOptions {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  readonly radiusVoxels: number;
  readonly threads?: number | undefined;
}

/** Two halves begun apart may be off each other by as much. */
const LARGEST_SHIFT_VOXELS = 4;

/**
 * The second of two averages of other particles in the frame of the first: halves that began independently lie differently. Each
 * reference is matched with the one most like it.
 * @returns the poses of the second's particles, counted in the first's frame.
 * @throws ModelError.
 */
export async function posesInFrameOf(
  runtime: OnnxRuntime,
  first: Averages,
  second: Averages,
  options: CommonFrameOptions,
): Promise<Averages["poses"]> {
  const { edge, voxelSizeAngstrom, radiusVoxels, threads } = options;
  await using aligner = await createAligner(runtime, {
    ...{ edge, voxelSizeAngstrom, radiusVoxels, threads },
    largestShiftVoxels: LARGEST_SHIFT_VOXELS,
  });
  const pairs: { readonly one: number; readonly other: number; readonly pose: Pose; readonly score: number }[] = [];
  for (const [other, { volume }] of second.references.entries()) {
    const reference = aligner.prepare(asSubtomogram(volume, edge));
    for (const [one, target] of first.references.entries()) {
      const { pose, score } = await aligner.align(asSubtomogram(target.volume, edge), reference);
      pairs.push({ one, other, pose, score });
    }
  }
  pairs.sort((a, b) => b.score - a.score);
  const matched = new Map<number, { readonly one: number; readonly pose: Pose }>();
  const taken = new Set<number>();
  for (const { one, other, pose } of pairs) {
    if (matched.has(other) || taken.has(one)) continue;
    matched.set(other, { one, pose });
    taken.add(one);
  }
  return second.poses.map((own) => {
    const match = matched.get(own.reference);
    if (!match) return own;
    return { ...own, ...composePoses(own, invertPose(match.pose)), reference: match.one };
  });
}

function asSubtomogram(volume: Float32Array, edge: number): Subtomogram {
  const spectrum = Float32Array.from(createSpectrumBox(edge).spectrumOf(volume));
  return { edge, spectrum, weight: new Float32Array(spectrum.length / 2).fill(1) };
}
