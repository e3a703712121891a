/** Where a curve of correlations has its points, and its axis its ticks. */
import type { AverageMap } from "../../protocol/index.js";

export interface FscPoint {
  /** Of the way to the last shell, at which a wave takes two voxels. */
  readonly fraction: number;
  readonly correlation: number;
}

/** Without shell 0, which is the mean; within what is drawn. */
export function fscPoints(byShell: Float32Array): FscPoint[] {
  const last = byShell.length - 1;
  return Array.from(byShell.subarray(1), (correlation, index) => ({
    fraction: (index + 1) / last,
    correlation: Math.min(1, Math.max(-0.1, correlation)),
  })).filter(({ correlation }) => !Number.isNaN(correlation));
}

const TICKS = [0.25, 0.5, 0.75, 1];

/** Resolutions in Å along the axis: the last shell is at two voxels. */
export function resolutionTicks({ voxelSizeAngstrom }: Pick<AverageMap, "voxelSizeAngstrom">) {
  return TICKS.map((fraction) => ({
    fraction,
    text: `${Number(((2 * voxelSizeAngstrom) / fraction).toPrecision(3))} Å`,
  }));
}
