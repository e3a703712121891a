/** What `cosnet info` says of STAR files. */
import { ConfigError, FormatError } from "../../errors.js";
import { openTiltStacks, type TomogramsStar, tomogramsStarOf } from "../../files/particles/index.js";
import {
  arrayTable,
  findTable,
  hasParticleTable,
  numberColumn,
  type ParticleList,
  type ReadParticlesOptions,
  readParticlesSteps,
  readTomogramSizes,
  type StarColumn,
  type StarDocument,
  scanStarSteps,
  tomogramNameOf,
} from "../../io/index.js";
import { stoppable } from "../../progress.js";
import type { Describe, DescribeFileOptions, Details } from "./description.js";
import { particleDetails, rangeOf } from "./particles.js";

type Fields = Details["fields"];
type Star = StarDocument<StarColumn>;

/** The tables of a STAR file and, where it is a particle list, a list of tomograms or a tilt series, what it says. */
export const describeStar: Describe = async (bytes, path, { voxelSizeAngstrom, signal }) => {
  const document = await stoppable(scanStarSteps(new TextDecoder().decode(bytes), { name: path }), signal);
  const fields: Record<string, string | number | undefined> = {};
  for (const { name, tables } of document.blocks)
    fields[`data_${name}`] = tables
      .map((table) => `${plural(table.rowCount, "row")}, ${plural(table.columns.size, "column")}`)
      .join("; ");
  const tomograms = describeTomograms(document, path);
  Object.assign(fields, tomograms.fields, tiltFields(document, path), setFields(document));
  if (!hasParticleTable(document)) return { fields, warnings: tomograms.warnings };
  try {
    const particles = await describeParticles(document, path, { voxelSizeAngstrom, signal });
    return { fields: { ...fields, ...particles.fields }, warnings: [...tomograms.warnings, ...particles.warnings] };
  } catch (error) {
    // Any STAR file may be described; what is wrong with its particles is reported, and the rest stays said.
    if (!(error instanceof FormatError)) throw error;
    return { fields, warnings: [...tomograms.warnings, error.message] };
  }
};

/** In voxels where nothing says how large they are, from the first voxel where a tomograms.star says how large tomograms are. */
async function describeParticles(
  document: Star,
  name: string,
  { voxelSizeAngstrom, signal }: DescribeFileOptions,
): Promise<Details> {
  const read = (coordinatePixelSizeAngstrom: number | undefined, options: ReadParticlesOptions = {}) =>
    stoppable(readParticlesSteps(document, { name, coordinatePixelSizeAngstrom, ...options }), signal);
  let list: ParticleList;
  try {
    list = await read(voxelSizeAngstrom);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { fields } = particleDetails(await read(1), "voxels");
    return { fields: { ...fields, voxelSizeAngstrom: undefined }, warnings: [error.message] };
  }
  const star = list.origin === "tomogram-centre" ? await tomogramsStarOf(name) : undefined;
  const tomogramsPath = (await openTiltStacks(list, name))?.tomogramsPath;
  if (!star || !knowsAll(star, list)) return particleDetails(list, "Å", tomogramsPath);
  const { sizesAngstrom: tomogramSizesAngstrom } = star;
  const placed = await read(voxelSizeAngstrom, { tomogramSizesAngstrom });
  const { fields, warnings } = particleDetails(placed, "Å", tomogramsPath);
  return { fields, warnings: [...warnings, `tomogram sizes are those of ${star.path}`] };
}

function knowsAll({ sizesAngstrom: sizes }: TomogramsStar, { particles }: ParticleList): boolean {
  const names = new Set(particles.map(({ tomogramName }) => tomogramName));
  return [...names].every((name) => name !== undefined && (sizes?.has(name) || sizes?.has(tomogramNameOf(name))));
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** RELION's tomograms.star: the size of each tomogram, and which sizes are impossible. */
function describeTomograms(document: Star, path: string): Details {
  const table = findTable(document, "global");
  const columns = ["rlnTomoName", "rlnTomoSizeX", "rlnTomoSizeY", "rlnTomoSizeZ", "rlnTomoTiltSeriesPixelSize"];
  if (!table || !columns.every((column) => table.columns.has(column))) return { fields: {}, warnings: [] };
  const warnings: string[] = [];
  try {
    readTomogramSizes({ blocks: [{ name: "global", comments: [], tables: [arrayTable(table)] }] }, { name: path });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    warnings.push(error.message);
  }
  const [x, y, z, pixel] = columns.slice(1).map((column) => numberColumn(table, column, path));
  const rows = [...table.columns.get("rlnTomoName")!].map((name, i): [string, string] => [
    `tomogram ${name}`,
    `${x![i]} x ${y![i]} x ${z![i]} pixels of ${pixel![i]} Å`,
  ]);
  return { fields: { tomograms: rows.length, ...Object.fromEntries(rows.slice(0, 8)) }, warnings };
}

/** The files that RELION's optimisation set names. */
function setFields({ blocks }: Star): Fields {
  const named = (column: string) =>
    blocks.flatMap(({ tables }) => tables.flatMap(({ columns }) => columns.get(column)?.at(0) ?? []))[0];
  return { particleList: named("rlnTomoParticlesFile"), tomogramList: named("rlnTomoTomogramsFile") };
}

/** RELION's list of the images of a tilt series. */
function tiltFields(document: Star, path: string): Fields {
  const table = document.blocks.find(({ tables }) => tables[0]?.columns.has("rlnTomoNominalStageTiltAngle"))?.tables[0];
  if (!table) return {};
  return {
    tiltImages: table.rowCount,
    tiltDegrees: rangeOf(numberColumn(table, "rlnTomoNominalStageTiltAngle", path)),
  };
}
