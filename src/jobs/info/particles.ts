/** What `cosnet info` says of particle lists. */
import { ConfigError } from "../../errors.js";
import {
  classLabel,
  findTable,
  numberColumn,
  type Particle,
  type ParticleList,
  particleFormatLabel,
  readParticleList,
  readParticles,
  recogniseParticleFormat,
  relionAnglesFromQuaternion,
  type StarDocument,
} from "../../io/index.js";
import type { Details } from "./description.js";

type Fields = Details["fields"];

/** A list that is not one of RELION's STAR tables. @throws FormatError when it is damaged. */
export function describeParticleList(bytes: Uint8Array, path: string, voxelSizeAngstrom: number | undefined): Details {
  const format = recogniseParticleFormat(bytes, path)!;
  const list = (size: number | undefined) => {
    // The size is only needed for positions from a centre, which then are shown from there.
    const tomogramSizeAngstrom = format === "eman2" ? { x: 0, y: 0, z: 0 } : undefined;
    return readParticleList(bytes, { name: path, format, voxelSizeAngstrom: size, tomogramSizeAngstrom });
  };
  const label = { format: particleFormatLabel(format) };
  try {
    const { fields, warnings } = particleDetails(list(voxelSizeAngstrom), "Å");
    return { fields: { ...label, ...fields }, warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { fields, warnings } = particleDetails(list(1), "voxels");
    return { fields: { ...label, ...fields, voxelSizeAngstrom: undefined }, warnings };
  }
}

/** Counts, classes, extent, the first particles, and what the list does not say. */
export function particleDetails(list: ParticleList, unit: "Å" | "voxels"): Details {
  const { particles, origin, coordinatePixelSizeAngstrom, voxelSizeAngstrom, warnings } = list;
  const positions = particles.flatMap(({ positionAngstrom }) => positionAngstrom ?? []);
  const tomograms = counted(particles.map(({ tomogramName }) => tomogramName));
  const classes = counted(particles.map(classLabel));
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
      missing: missing.join(", ") || undefined,
      ...Object.fromEntries(particles.slice(0, 3).map((particle, index) => [`particle ${index + 1}`, rowOf(particle)])),
    },
    warnings,
  };
}

function counted(values: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** "ribosome 120, TRiC 14, and 3 more". */
function someOf(counts: ReadonlyMap<string, number>): string {
  const listed = [...counts].slice(0, 12).map(([label, count]) => `${label} ${count}`);
  return counts.size > listed.length
    ? `${listed.join(", ")}, and ${counts.size - listed.length} more`
    : listed.join(", ");
}

function rangeOf(values: readonly number[]): string {
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
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

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The tables of a STAR file and, where it is a particle list, a list of tomograms or a tilt series, what it says. */
export function describeStar(document: StarDocument, path: string): Details {
  const fields: Record<string, string | number | undefined> = {};
  for (const { name, tables } of document.blocks)
    fields[`data_${name}`] = tables
      .map((table) => `${plural(table.rowCount, "row")}, ${plural(table.columns.size, "column")}`)
      .join("; ");
  Object.assign(fields, tomogramFields(document, path), tiltFields(document, path));
  try {
    const list = readParticles(document, { name: path });
    const details = particleDetails(list, "Å");
    return { fields: { ...fields, ...details.fields }, warnings: details.warnings };
  } catch (error) {
    // Any STAR file may be described; only a list of particles has more to tell, or something wrong to report.
    const isList = document.blocks.some(({ name }) => name === "particles");
    return { fields, warnings: isList && error instanceof Error ? [error.message] : [] };
  }
}

/** RELION's tomograms.star: the size of each tomogram. */
function tomogramFields(document: StarDocument, path: string): Fields {
  const table = findTable(document, "global");
  const columns = ["rlnTomoName", "rlnTomoSizeX", "rlnTomoSizeY", "rlnTomoSizeZ", "rlnTomoTiltSeriesPixelSize"];
  if (!table || !columns.every((column) => table.columns.has(column))) return {};
  const [x, y, z, pixel] = columns.slice(1).map((column) => numberColumn(table, column, path));
  const names = table.columns.get("rlnTomoName")!;
  const rows = names.map((name, i): [string, string] => [
    `tomogram ${name}`,
    `${x![i]} x ${y![i]} x ${z![i]} pixels of ${pixel![i]} Å`,
  ]);
  return { tomograms: names.length, ...Object.fromEntries(rows.slice(0, 8)) };
}

/** RELION's list of the images of a tilt series. */
function tiltFields(document: StarDocument, path: string): Fields {
  const table = document.blocks.find(({ tables }) => tables[0]?.columns.has("rlnTomoNominalStageTiltAngle"))?.tables[0];
  if (!table) return {};
  return {
    tiltImages: table.rowCount,
    tiltDegrees: rangeOf([...numberColumn(table, "rlnTomoNominalStageTiltAngle", path)]),
  };
}
