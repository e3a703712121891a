/** What `cosnet info` says of particle lists. */
import { ConfigError } from "../../errors.js";
import {
  classLabel,
  hasImageStack,
  IMAGE_STACK_HINT,
  type Particle,
  type ParticleList,
  particleFormatLabel,
  readParticleListSteps,
  recogniseParticleFormat,
  relionAnglesFromQuaternion,
} from "../../io/index.js";
import { stoppable } from "../../progress.js";
import type { Describe, Details } from "./description.js";

/** A list that is not one of RELION's STAR tables. @throws FormatError when it is damaged. */
export const describeParticleList: Describe = async (bytes, path, { voxelSizeAngstrom, signal }) => {
  const format = recogniseParticleFormat(bytes, path)!;
  const list = (size: number | undefined) => {
    // The size is only needed for positions from a centre, which then are shown from there.
    const tomogramSizeAngstrom = format === "eman2" ? { x: 0, y: 0, z: 0 } : undefined;
    const reading = { name: path, voxelSizeAngstrom: size, tomogramSizeAngstrom };
    return stoppable(readParticleListSteps(bytes, reading), signal);
  };
  const label = { format: particleFormatLabel(format) };
  try {
    const { fields, warnings } = particleDetails(await list(voxelSizeAngstrom), "Å");
    return { fields: { ...label, ...fields }, warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { fields, warnings } = particleDetails(await list(1), "voxels");
    return { fields: { ...label, ...fields, voxelSizeAngstrom: undefined }, warnings };
  }
};

/**
 * Counts, classes, extent, the first particles, and what the list does not say.
 * @param tomogramsPath the tomograms.star that says how the particles' tilt images were taken
 */
export function particleDetails(list: ParticleList, unit: "Å" | "voxels", tomogramsPath?: string): Details {
  const { particles, origin, coordinatePixelSizeAngstrom, voxelSizeAngstrom, warnings } = list;
  const stacks = particles.filter((particle) => hasImageStack(list, particle)).length;
  const positions = particles.flatMap(({ positionAngstrom }) => positionAngstrom ?? []);
  const tomograms = counted(particles, ({ tomogramName }) => tomogramName);
  const classes = counted(particles, classLabel);
  const scores = particles.flatMap(({ score }) => score ?? []);
  const oriented = particles.filter(({ orientation }) => orientation !== undefined).length;
  const missing = [
    ...(positions.length === 0 ? ["positions"] : []),
    ...(oriented === 0 ? ["orientations"] : []),
    ...(classes.size === 0 ? ["classes"] : []),
    ...(scores.length === 0 ? ["scores"] : []),
    ...(tomograms.size === 0 ? ["tomogram names"] : []),
    ...(unit === "voxels" ? ["voxel size"] : []),
  ];
  const named = [...classes].some(([label]) => !/^\d+$/.test(label));
  return {
    fields: {
      particles: particles.length,
      tomograms: tomograms.size || undefined,
      classes: classes.size || undefined,
      classSizes: classes.size > 1 || named ? someOf(classes) : undefined,
      voxelSizeAngstrom: voxelSizeAngstrom ?? (unit === "voxels" ? undefined : coordinatePixelSizeAngstrom),
      positions: positions.length > 0 ? `in ${unit} from the ${origin.replace("-", " ")}` : "none",
      extent: positions.length > 0 ? extentOf(positions) : undefined,
      orientations:
        oriented === 0 ? "none" : oriented === particles.length ? "yes" : `${oriented} of ${particles.length}`,
      scores: scores.length > 0 ? rangeOf(scores) : undefined,
      images: stacks > 0 ? `stacks of 2-D images: of ${stacks} of ${particles.length}` : undefined,
      tiltSeries: stacks > 0 ? tomogramsPath : undefined,
      missing: missing.join(", ") || undefined,
      ...Object.fromEntries(particles.slice(0, 3).map((particle, index) => [`particle ${index + 1}`, rowOf(particle)])),
    },
    warnings:
      stacks > 0 && tomogramsPath === undefined
        ? [...warnings, `images are 2-D, not boxes. ${IMAGE_STACK_HINT}`]
        : warnings,
  };
}

function counted(
  particles: readonly Particle[],
  labelOf: (particle: Particle) => string | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const particle of particles) {
    const value = labelOf(particle);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** "ribosome 120, TRiC 14, and 3 more". */
function someOf(counts: ReadonlyMap<string, number>): string {
  const listed = [...counts].slice(0, 12).map(([label, count]) => `${label} ${count}`);
  return counts.size > listed.length
    ? `${listed.join(", ")}, and ${counts.size - listed.length} more`
    : listed.join(", ");
}

export function rangeOf(values: Iterable<number>): string {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return `${rounded(low)} to ${rounded(high)}`;
}

function extentOf(positions: readonly { x: number; y: number; z: number }[]): string {
  return (["x", "y", "z"] as const)
    .map((axis) => `${axis} ${rangeOf(positions.map((position) => position[axis]))}`)
    .join(", ");
}

function rounded(value: number): number {
  return Number(value.toFixed(3)) + 0;
}

function rowOf(particle: Particle): string {
  const { positionAngstrom: p, orientation, tomogramName, imageName, score } = particle;
  const angles = orientation && relionAnglesFromQuaternion(orientation);
  return [
    p && `(${rounded(p.x)}, ${rounded(p.y)}, ${rounded(p.z)})`,
    angles && `rot ${rounded(angles.rotDegrees)} tilt ${rounded(angles.tiltDegrees)} psi ${rounded(angles.psiDegrees)}`,
    classLabel(particle) === undefined ? undefined : `class ${classLabel(particle)}`,
    score === undefined ? undefined : `score ${rounded(score)}`,
    tomogramName && `in ${tomogramName}`,
    imageName,
  ]
    .filter((part) => part !== undefined)
    .join("; ");
}
