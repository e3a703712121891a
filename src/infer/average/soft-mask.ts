import { ConfigError } from "../../errors.js";
import { centreIndex, gaussianFilterInPlace, median, robustDeviation } from "../../volume/index.js";
import { distanceBeyond } from "./distance.js";
import { fade } from "./sphere-mask.js";

/** From the density at which the particle ends to a mask that leaves room and has a soft edge. */
export interface SoftMaskOptions {
  /** Voxels of the map above this are the particle's. */
  readonly threshold: number;
  /** By how much the particle is extended. Default 3. */
  readonly extendVoxels?: number;
  /** Width of the cosine beyond that. Default 6. */
  readonly fadeVoxels?: number;
}

/**
 * A mask of 0 to 1 around what lies above a threshold of a map `[edge, edge, edge]`, extended by a distance,
 * then a cosine, as RELION makes them.
 * @throws ConfigError when nothing lies above the threshold.
 */
export function softMask(
  map: Float32Array,
  edge: number,
  { threshold, extendVoxels = 3, fadeVoxels = 6 }: SoftMaskOptions,
): Float32Array {
  const inside = Uint8Array.from(map, (value) => (value > threshold ? 1 : 0));
  if (!inside.includes(1)) {
    const largest = map.reduce((most, value) => Math.max(most, value), -Infinity);
    throw new ConfigError(`a threshold of ${threshold} leaves nothing of a map whose largest value is ${largest}`, {
      hint: "Take a lower threshold.",
    });
  }
  return distanceBeyond(inside, edge).map((distance) => fade(distance - extendVoxels, fadeVoxels));
}

/** Standard deviations of what surrounds the particle that its density must stand out by. */
const ABOVE_SURROUNDINGS = 5;
/** Part of the highest density: maps of validation complexes are outlined so with a Dice of 0.79 to 0.92, a little outside. */
const OF_HIGHEST = 0.35;
/** Voxels: single peaks of noise are no particle. */
const BLUR_VOXELS = 1;

/**
 * The same around what stands out of a map by itself: the map is blurred, and its particle is above 0.35 of the highest density and
 * above all that the noise near the box's faces reaches.
 * @throws ConfigError when nothing stands out.
 */
export function automaticMask(
  map: Float32Array,
  edge: number,
  options: Omit<SoftMaskOptions, "threshold"> = {},
): Float32Array {
  const blurred = map.slice();
  gaussianFilterInPlace(blurred, [edge, edge, edge], BLUR_VOXELS);
  const around = nearFaces(blurred, edge);
  const level = median(around);
  const deviation = robustDeviation(around, level);
  const highest = blurred.reduce((most, value) => Math.max(most, value), -Infinity);
  const threshold = level + Math.max(ABOVE_SURROUNDINGS * deviation, OF_HIGHEST * (highest - level));
  if (!(highest > threshold))
    throw new ConfigError("no density of the map stands out of its surroundings, so it has no particle to mask", {
      hint: "Give a mask, a threshold or the particle's diameter.",
    });
  return softMask(blurred, edge, { ...options, threshold });
}

/** The values between 0.8 and 1 of the radius of the sphere that fits into the box. */
function nearFaces(map: Float32Array, edge: number): Float32Array {
  const centre = centreIndex(edge);
  return map.filter((_, at) => {
    const [x, y, z] = [at % edge, Math.floor(at / edge) % edge, Math.floor(at / edge / edge)];
    const radius = Math.hypot(x - centre, y - centre, z - centre) / (edge / 2);
    return radius > 0.8 && radius < 1;
  });
}
