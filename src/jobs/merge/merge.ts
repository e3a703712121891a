import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import { fileExists } from "../../files/disk/index.js";
import { columnNumber, type Particle, type ParticleFormat, type ParticleList, scoreOf } from "../../io/index.js";
import { breathe, inOnePiece, stoppable } from "../../progress.js";
import { bestFirst, groupsOf, readListInput, refuseOverwriting, spacedRows, writeResult } from "../filter/index.js";
import { combineLists, type NamedInput } from "./combine.js";
import type { MergeOptions } from "./options.js";

/** What `mergeParticles` read and wrote. */
export interface MergeResult {
  readonly output: string;
  readonly paths: readonly string[];
  readonly to: ParticleFormat;
  readonly total: number;
  readonly kept: number;
  /** What each list gave. */
  readonly lists: readonly {
    readonly path: string;
    readonly from: ParticleFormat;
    readonly total: number;
    readonly kept: number;
  }[];
  /** The counts in words. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** Particles as near as this (Å) to one of another list are said to be there twice. */
const SAME_PLACE_ANGSTROM = 1;

/**
 * Writes several lists, of whatever formats, as one; with `minimumDistanceAngstrom` without particles that are there twice.
 * @param inputs lists; "NAME=LIST" gives all particles of a list the class NAME.
 * @throws ConfigError when the lists cannot be one; FileError, FormatError as reading does; AbortError.
 */
export async function mergeParticles(
  inputs: readonly string[],
  output: string,
  options: MergeOptions = {},
): Promise<MergeResult> {
  if (inputs.length < 2)
    throw new ConfigError("there is only one list to merge", {
      hint: "Give two or more; `cosnet convert` writes one anew.",
    });
  const read: NamedInput[] = [];
  for (const [done, input] of inputs.entries()) {
    options.onProgress?.({ stage: "reading lists", done, total: inputs.length, note: input });
    await breathe(options.signal);
    const { path, className } = await namedList(input);
    refuseOverwriting([path], output);
    read.push({ ...(await readListInput(path, options)), className });
  }
  options.onProgress?.({ stage: "reading lists", done: inputs.length, total: inputs.length });
  const { list, sources } = combineLists(read, options);
  const rows = await inOnePiece("choosing particles", options, () => keptRows(list, options));
  const lists = read.map(({ path, format, list: { particles } }, index) => ({
    ...{ path, from: format, total: particles.length },
    kept: rows.reduce((sum, row) => sum + (sources[row] === index ? 1 : 0), 0),
  }));
  const summary = summaryOf(rows.length, list, options, inputs.length);
  const warnings = [...list.warnings, ...(await doubts(list, sources, options))];
  const kept = { ...list, particles: rows.map((row) => list.particles[row]!) };
  const comments = [`Merged by cosnet: ${summary}`];
  const written = await inOnePiece(`writing ${output}`, options, () =>
    writeResult(output, kept, read, { ...options, comments }),
  );
  return {
    ...{ output, paths: written.paths, to: written.format },
    ...{ total: list.particles.length, kept: rows.length, lists, summary },
    warnings: [...new Set([...warnings, ...written.warnings])],
  };
}

/** "ribosome=clicks.csv" is the list clicks.csv, whose particles are ribosomes, unless a file has that name. */
async function namedList(text: string): Promise<{ path: string; className: string | undefined }> {
  const equals = text.indexOf("=");
  if (equals <= 0 || (await fileExists(text))) return { path: text, className: undefined };
  return { path: text.slice(equals + 1), className: text.slice(0, equals) };
}

function scoreIn(particle: Particle, column: string | undefined): number | undefined {
  return column === undefined || column === "score" ? scoreOf(particle) : columnNumber(particle.extra, column);
}

async function keptRows({ particles }: ParticleList, options: MergeOptions): Promise<readonly number[]> {
  const rows = Array.from(particles.keys());
  const distanceAngstrom = options.minimumDistanceAngstrom;
  if (distanceAngstrom === undefined) return rows;
  const groups = groupsOf(particles, { withinClass: options.withinClass === true });
  const scores = particles.map((particle) => scoreIn(particle, options.scoreColumn));
  const positions = particles.map(({ positionAngstrom }, row) => {
    if (positionAngstrom) return positionAngstrom;
    throw new ConfigError(`particle ${row + 1} of the merged list has no position`, {
      hint: "Distances need positions.",
    });
  });
  const order = options.prefer === "first" ? rows : bestFirst(rows, scores);
  const spacing = { distanceAngstrom, groupOf: (row: number) => groups[row]! };
  return stoppable(spacedRows(order, positions, spacing), options.signal);
}

function summaryOf(
  kept: number,
  { particles }: ParticleList,
  { minimumDistanceAngstrom, prefer, scoreColumn }: MergeOptions,
  lists: number,
): string {
  const total = particles.length;
  const all = `${countText(total, "particle")} of ${countText(lists, "list")}`;
  if (minimumDistanceAngstrom === undefined) return all;
  const areScored = particles.some((particle) => scoreIn(particle, scoreColumn) !== undefined);
  const better = areScored ? "a better one" : "an earlier one";
  const stays = prefer === "first" ? "one of an earlier list" : better;
  const gone = (total - kept).toLocaleString("en-US");
  return `${kept.toLocaleString("en-US")} of ${all} kept: ${gone} within ${minimumDistanceAngstrom} Å of ${stays}`;
}

async function doubts(list: ParticleList, sources: Int32Array, options: MergeOptions): Promise<string[]> {
  const { particles } = list;
  if (options.minimumDistanceAngstrom === undefined) {
    const near = { minimumDistanceAngstrom: SAME_PLACE_ANGSTROM, signal: options.signal };
    const isPlaced = particles.every(({ positionAngstrom }) => positionAngstrom);
    const twice = isPlaced ? particles.length - (await keptRows(list, near)).length : 0;
    if (twice === 0) return [];
    const are = twice === 1 ? "particle is" : "particles are";
    return [`${twice} ${are} within ${SAME_PLACE_ANGSTROM} Å of another one; --min-distance leaves them out`];
  }
  if (options.prefer === "first") return [];
  const scored = new Set(sources.filter((_, row) => scoreIn(particles[row]!, options.scoreColumn) !== undefined));
  const all = new Set(sources);
  if (scored.size === 0) return ["the lists have no scores: of two particles the one that comes first was kept"];
  if (scored.size === all.size) return [];
  return ["only some of the lists have scores: their particles were kept before those of the others (--prefer first)"];
}
