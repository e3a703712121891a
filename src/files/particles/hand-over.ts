/** Aligned particles for the programs that refine them further. */

import { ConfigError } from "../../errors.js";
import {
  encodeParticleList,
  type ParticleFormat,
  type ParticleList,
  type StarTable,
  starLoop,
  writeDynamoTomograms,
  writeOptimisationSet,
  writeStar,
  writeTomograms,
} from "../../io/index.js";
import type { FileContent } from "../disk/index.js";
import { relinkParticles, renameFrom } from "./linked-files.js";
import { placementOf, type TomogramOptions } from "./list-file.js";
import { readStarFile, tomogramsStarOf, tomogramsStarPath } from "./tomograms-star.js";

/** Where the particles come from, and in which formats they are wanted beside RELION 5's. */
export interface HandOverOptions extends TomogramOptions {
  /** The list that the particles were read from: names of files count from its folder, and its tomograms.star describes them. */
  readonly listPath: string;
  /** Where the files will be: names of other files count from there. */
  readonly folder: string;
  /** Further formats by name of file, such as `{ "particles.tbl": "dynamo" }`. */
  readonly others?: Readonly<Record<string, ParticleFormat>> | undefined;
  readonly comments?: readonly string[] | undefined;
}

/** The files, to be written together. */
export interface HandOver {
  /** By name in the folder: particles.star, tomograms.star, optimisation_set.star, and the others. */
  readonly files: ReadonlyMap<string, FileContent>;
  /** What other programs will miss. */
  readonly warnings: readonly string[];
}

/**
 * A list of aligned particles as RELION 5 takes it, with the tomograms.star of the list that it was read from, or a new one
 * where the tomograms' sizes are known, and an optimisation set that names both; the list in other formats, too. RELION has to
 * run in the folder.
 * @throws ConfigError for a format that needs what is not known; FileError, FormatError for a damaged tomograms.star.
 */
export async function handOver(list: ParticleList, options: HandOverOptions): Promise<HandOver> {
  const { listPath, folder, others = {}, comments = [] } = options;
  const beside = await tomogramsStarOf(listPath);
  const sized = beside?.sizesAngstrom && { tomogramSizesAngstrom: beside.sizesAngstrom };
  const placement = { ...sized, ...definedOnly(await placementOf(options)) };
  const linked = { ...list, particles: await relinkParticles(list.particles, listPath, folder) };
  const files = new Map<string, FileContent>();
  const warnings: string[] = [];
  for (const [name, format] of Object.entries<ParticleFormat>({ "particles.star": "relion5", ...others })) {
    const written = encodeParticleList(linked, { format, comments, ...placement });
    files.set(name, written.content);
    for (const what of written.lost) warnings.push(`${name}: left out: ${what}`);
    for (const note of written.notes) warnings.push(`${name}: ${note}`);
    const isNamed = linked.particles.some(({ tomogramName }) => tomogramName && !/^\d+$/.test(tomogramName));
    if (format === "dynamo" && isNamed) files.set(name.replace(/(\.tbl)?$/i, ".doc"), writeDynamoTomograms(linked));
  }
  const tomograms = await tomogramsOf(linked, { ...options, comments }, placement).catch((error) => {
    if (!(error instanceof ConfigError)) throw error;
    warnings.push(`there is no tomograms.star, which RELION 5 needs: ${error.reason}`);
    return undefined;
  });
  if (tomograms === undefined) return { files, warnings };
  files.set("tomograms.star", tomograms);
  const set = { particles: "particles.star", tomograms: "tomograms.star", comments };
  files.set("optimisation_set.star", writeOptimisationSet(set));
  return { files, warnings };
}

/** The list's own tomograms.star, with paths from the new folder; else a new one. */
async function tomogramsOf(
  list: ParticleList,
  { listPath, folder, comments = [] }: HandOverOptions,
  placement: Parameters<typeof writeTomograms>[1],
): Promise<string> {
  const path = await tomogramsStarPath(listPath);
  if (path === undefined) return writeTomograms(list, { ...placement, comments });
  const { blocks } = await readStarFile(path);
  const renamed = renameFrom(path, folder);
  const moved = await Promise.all(
    blocks.map(async (block, index) => ({
      ...block,
      comments: index === 0 ? [...comments, ...block.comments] : block.comments,
      tables:
        block.name === "global"
          ? await Promise.all(block.tables.map((table) => relinked(table, renamed)))
          : block.tables,
    })),
  );
  return writeStar({ blocks: moved });
}

/** The columns of tomograms.star that name files. */
const FILE_COLUMNS = /^rlnTomo(TiltSeries|TiltSeriesStarFile|TiltSeriesName|ReconstructedTomogram(Half[12])?)$/;

async function relinked(table: StarTable, renamed: (name: string) => Promise<string>): Promise<StarTable> {
  const columns: [string, readonly string[]][] = [];
  for (const [name, values] of table.columns)
    columns.push([name, FILE_COLUMNS.test(name) ? await Promise.all(values.map(renamed)) : values]);
  return starLoop(columns);
}

function definedOnly<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
