import { ConfigError, FormatError, ShapeError } from "../../errors.js";
import { meanAndDeviation, type Shape3, voxelCount } from "../../volume/index.js";

/** A volume whose voxels are to get labels. */
export interface CrfProblem {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
  /** Any number of channels, each `[nz, ny, nx]`, on any scale: differences count in standard deviations of the channel. */
  readonly intensities: readonly Float32Array[];
  /** One volume a label, two or more, background first; scaled to sum to one in each voxel. */
  readonly probabilities: readonly Float32Array[];
}

/**
 * @throws ShapeError when volumes differ in length from the shape, or there are fewer than two labels; ConfigError for an
 * impossible voxel size; FormatError for values that are not finite or not probabilities.
 */
export function checkCrfProblem({ shape, voxelSizeAngstrom, intensities, probabilities }: CrfProblem): void {
  const length = voxelCount(shape);
  if (!shape.every((edge) => Number.isInteger(edge) && edge > 0))
    throw new ShapeError(`a volume cannot have shape [${shape.join(", ")}]`);
  if (!(voxelSizeAngstrom > 0 && voxelSizeAngstrom < Infinity))
    throw new ConfigError(`voxels cannot be ${voxelSizeAngstrom} Å`, { hint: "Give the voxel size in Ångström." });
  if (probabilities.length < 2)
    throw new ShapeError(`a CRF chooses among two or more labels, background first; got ${probabilities.length}`);
  if (probabilities.length > 256)
    throw new ShapeError(`labels are bytes, so there can be 256; got ${probabilities.length}`);
  for (const [name, volumes] of Object.entries({ intensities, probabilities }))
    for (const [index, values] of volumes.entries()) {
      if (values.length !== length)
        throw new ShapeError(
          `${name} ${index + 1}: shape [${shape.join(", ")}] needs ${length} values, got ${values.length}`,
        );
      const [noun, lowest, highest] = RANGES[name as keyof typeof RANGES];
      const wrong = firstOutside(values, lowest, highest);
      if (wrong < 0) continue;
      const [y, x] = [Math.floor(wrong / shape[2]) % shape[1], wrong % shape[2]];
      const at = `${name} ${index + 1}, voxel z ${Math.floor(wrong / (shape[1] * shape[2]))}, y ${y}, x ${x}`;
      throw new FormatError(`${values[wrong]} is not ${noun}`, at);
    }
}

/** What values may be. Interpolation may leave a probability a little outside of [0, 1]. */
const RANGES = {
  intensities: ["an intensity", -Number.MAX_VALUE, Number.MAX_VALUE],
  probabilities: ["a probability", -0.01, 1.01],
} as const;

function firstOutside(values: Float32Array, lowest: number, highest: number): number {
  for (let i = 0; i < values.length; i++) if (!(values[i] >= lowest && values[i] <= highest)) return i;
  return -1;
}

/** Intensities count as at most this many standard deviations from the mean: gold and ice are that unlike protein. */
const HIGHEST_DEVIATION = 4;

/** Mean and standard deviation of a channel; undefined for one that is constant, but for round-off, and so says nothing. */
export type ChannelScale = ReturnType<typeof meanAndDeviation> | undefined;

export function channelScales(intensities: readonly Float32Array[]): ChannelScale[] {
  return intensities.map((values) => {
    const scale = meanAndDeviation(values);
    return scale.deviation > 0 && scale.deviation > 1e-6 * Math.abs(scale.mean) ? scale : undefined;
  });
}

/** Channels in units of `sigma` standard deviations, constant ones left out. */
export function standardised(
  intensities: readonly Float32Array[],
  scales: readonly ChannelScale[],
  sigma: number,
): Float32Array[] {
  return intensities.flatMap((values, channel) => {
    const scale = scales[channel];
    if (!scale) return [];
    const { mean, deviation } = scale;
    const scaled = new Float32Array(values.length);
    for (let i = 0; i < scaled.length; i++) {
      const value = (values[i] - mean) / deviation;
      scaled[i] = Math.max(-HIGHEST_DEVIATION, Math.min(HIGHEST_DEVIATION, value)) / sigma;
    }
    return [scaled];
  });
}
