/** Every number of a list is finite: the one rule for every format, whatever its file may hold. */
import { FormatError } from "../../../errors.js";
import type { Particle, ParticleList } from "./particle-list.js";

/**
 * The list without what was not computed (NaN): particles without a position are left out, with a warning that names them; so
 * are orientations, and a score or class that is not a number is none.
 * @param name of the file, for messages
 * @throws FormatError for infinite numbers, for voxel sizes that are not positive, and when no particle has a position.
 */
export function withFiniteNumbers(list: ParticleList, name: string): ParticleList {
  for (const size of [list.voxelSizeAngstrom, list.coordinatePixelSizeAngstrom])
    if (size !== undefined && !(size > 0 && Number.isFinite(size)))
      throw new FormatError(`a voxel size of ${size} Å is impossible`, name, { hint: "Give it with --voxel-size." });
  if (list.particles.every(isComplete)) return list;
  const [unplaced, unoriented]: [number[], number[]] = [[], []];
  const particles = list.particles.flatMap((particle, index) => {
    if (isComplete(particle)) return particle;
    if (numbersOf(particle).some((value) => Math.abs(value) === Number.POSITIVE_INFINITY))
      throw new FormatError("a number is infinite", `${name}, particle ${index + 1}`);
    const { positionAngstrom, orientation, score, classNumber, ...rest } = particle;
    if (positionAngstrom && !allFinite(positionAngstrom)) {
      unplaced.push(index + 1);
      return [];
    }
    const oriented = orientation && allFinite(orientation);
    if (orientation && !oriented) unoriented.push(index + 1);
    return {
      ...rest,
      ...(positionAngstrom && { positionAngstrom }),
      ...(oriented && { orientation }),
      ...(score !== undefined && !Number.isNaN(score) && { score }),
      ...(classNumber !== undefined && !Number.isNaN(classNumber) && { classNumber }),
    };
  });
  if (particles.length === 0)
    throw new FormatError("no particle has a position: of each a coordinate is not a number", name);
  const warnings = [...list.warnings];
  if (unplaced.length > 0) warnings.push(`left out: ${numbered(unplaced)}, where a coordinate is not a number`);
  if (unoriented.length > 0)
    warnings.push(`without orientation: ${numbered(unoriented)}, where an angle is not a number`);
  return { ...list, particles, warnings };
}

function isComplete(particle: Particle): boolean {
  const { positionAngstrom, orientation, score = 0, classNumber = 0 } = particle;
  return (
    Number.isFinite(score) &&
    Number.isFinite(classNumber) &&
    (!positionAngstrom || allFinite(positionAngstrom)) &&
    (!orientation || allFinite(orientation))
  );
}

function allFinite({ w = 0, x, y, z }: { w?: number; x: number; y: number; z: number }): boolean {
  return Number.isFinite(w) && Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z);
}

function numbersOf({ positionAngstrom, orientation, score = 0, classNumber = 0 }: Particle): number[] {
  return [...Object.values(positionAngstrom ?? {}), ...Object.values(orientation ?? {}), score, classNumber];
}

/** "particles 2, 7 and 12 more". */
function numbered(numbers: readonly number[]): string {
  const [first, more] = [numbers.slice(0, MOST_NAMED), numbers.length - MOST_NAMED];
  return `particle${numbers.length === 1 ? "" : "s"} ${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const MOST_NAMED = 10;
