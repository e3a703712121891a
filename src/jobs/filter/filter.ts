import { ConfigError } from "../../errors.js";
import type { ParticleFormat } from "../../io/index.js";
import { breathe, inOnePiece } from "../../progress.js";
import { criteriaOf, scoresOf } from "./criteria.js";
import { type ListInput, readListInput, refuseOverwriting } from "./input.js";
import type { FilterOptions } from "./options.js";
import { writeResult } from "./output.js";

/** What `filterParticles` kept and wrote. */
export interface FilterResult {
  readonly input: string;
  readonly output: string;
  readonly paths: readonly string[];
  readonly from: ParticleFormat;
  readonly to: ParticleFormat;
  readonly total: number;
  readonly kept: number;
  /** How many particles each criterion took away, of those that the ones before it had left. */
  readonly removed: readonly { readonly what: string; readonly count: number }[];
  /** The counts in words. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/**
 * Writes those particles of a list that pass all criteria. What the list says of them is kept: orientation, score, further
 * columns, RELION's optics and general tables.
 * @throws ConfigError when there is no criterion, the list lacks what one needs, or the output's format cannot hold the list;
 * FileError, FormatError as reading does; AbortError.
 */
export async function filterParticles(
  input: string,
  output: string,
  options: FilterOptions = {},
): Promise<FilterResult> {
  refuseOverwriting([input], output);
  const read = await inOnePiece(`reading ${input}`, options, () => readListInput(input, options));
  const { list, placement } = read;
  const scores = scoresOf(list, options.scoreColumn);
  const criteria = criteriaOf({ list, placement, options, scores });
  if (criteria.length === 0)
    throw new ConfigError("nothing says which particles to keep", {
      hint: "Give --class, --min-score, --region, --mask, --min-distance, --border, --only-tomogram or --top.",
    });
  const removed: { what: string; count: number }[] = [];
  let rows: readonly number[] = Array.from(list.particles.keys());
  for (const [done, { what, keep }] of criteria.entries()) {
    options.onProgress?.({ stage: "choosing particles", done, total: criteria.length, note: what });
    await breathe(options.signal);
    const left = await keep(rows);
    if (left.length < rows.length) removed.push({ what, count: rows.length - left.length });
    rows = left;
  }
  options.onProgress?.({ stage: "choosing particles", done: criteria.length, total: criteria.length });
  const summary = summaryOf(rows.length, list.particles.length, removed);
  const kept = { ...list, particles: rows.map((row) => list.particles[row]!) };
  const warnings = [...placement.tomogramWarnings, ...list.warnings, ...doubtsOf(read, scores, options)];
  if (rows.length === 0) warnings.push(`no particle is left: ${summary}`);
  const comments = [`Filtered by cosnet: ${summary}`];
  const written = await inOnePiece(`writing ${output}`, options, () =>
    writeResult(output, kept, [read], { ...options, comments }),
  );
  return {
    ...{ input, output, paths: written.paths, from: read.format, to: written.format },
    ...{ total: list.particles.length, kept: rows.length, removed, summary },
    warnings: [...warnings, ...written.warnings],
  };
}

/** What the choice rests on that nobody said. */
function doubtsOf(
  { tomograms, placement }: ListInput,
  scores: readonly (number | undefined)[],
  { regionVoxels, regionAngstrom, maskPaths, borderAngstrom, minimumDistanceAngstrom, topOfClass }: FilterOptions,
): string[] {
  const isGiven = (value: unknown) => value !== undefined;
  const doubts: string[] = [];
  if ([minimumDistanceAngstrom, topOfClass].some(isGiven) && !scores.some(isGiven))
    doubts.push("the list has no scores: of particles to choose from, those that come first in it were kept");
  const isPlaced = [regionVoxels, regionAngstrom, maskPaths, borderAngstrom].some(isGiven);
  if (isPlaced && tomograms && placement.tomogramSizesAngstrom === tomograms.sizesAngstrom)
    doubts.push(`tomogram sizes are those of ${tomograms.path}`);
  return doubts;
}

function summaryOf(kept: number, total: number, removed: FilterResult["removed"]): string {
  const reasons = removed.map(({ what, count }) => `${grouped(count)} ${what}`);
  return `${grouped(kept)} of ${grouped(total)} particles kept${reasons.length > 0 ? `: ${reasons.join(", ")}` : ""}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
