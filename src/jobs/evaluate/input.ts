/** Picks and truth in the same tomograms and the same coordinates; see `EvaluatePicksOptions`. */

import { dirname, join } from "node:path";
import { countText } from "../../count-text.js";
import { ConfigError, FormatError } from "../../errors.js";
import { sortedClassNames } from "../../evaluate/index.js";
import { fileExists, readFileBytes } from "../../files/disk/index.js";
import { type OpenTomogramOptions, openTomogram } from "../../files/tomogram/index.js";
import { pairTomograms, readTomogramSizes } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import { doubtsOf } from "./doubts.js";
import {
  filesOfTomograms,
  fromFirstVoxel,
  inTrueTomograms,
  type ListedParticle,
  type ListedParticles,
  readListed,
  withOwnNames,
} from "./lists.js";
import type { EvaluatePicksOptions } from "./options.js";
import { withTrueClassNames } from "./same-class.js";

/** What says where the truth is, and what its positions mean. */
export type TruthOptions = Pick<
  EvaluatePicksOptions,
  "truthPaths" | "tomogramPaths" | "occupancyPaths" | "tomogramsPath" | "voxelSizeAngstrom" | "onWarning"
>;

/** Both lists, and what that of the picks says of the tomograms. */
export interface PicksAndTruth extends Pick<ListedParticles, "listedVoxelSize" | "contrast"> {
  readonly picks: readonly ListedParticle[];
  readonly truths: readonly ListedParticle[];
}

/** @throws ConfigError when the lists do not fit together; FileError, FormatError as reading does. */
export async function readPicksAndTruth(options: EvaluatePicksOptions): Promise<PicksAndTruth> {
  const { voxelSizeAngstrom, scoreColumn } = options;
  const picked = await readListed(options.picksPath, {
    ...{ voxelSizeAngstrom, scoreColumn },
    tomogramPaths: volumesOf(options),
  });
  const { picks: met, truths } = await meetTruth(picked, options);
  const picks = withTrueClassNames(met, truths, options.sameClasses ?? []);
  for (const warning of doubtsOf(picks, truths)) options.onWarning?.(warning);
  return { picks, truths, listedVoxelSize: picked.listedVoxelSize, contrast: picked.contrast };
}

/**
 * Reads the truth and brings the picks into its tomograms and coordinates; picks in other tomograms are left out.
 * @throws as `readPicksAndTruth`.
 */
export async function meetTruth<T extends ListedParticle>(
  picked: ListedParticles<T>,
  options: TruthOptions,
): Promise<{ readonly picks: readonly T[]; readonly truths: readonly ListedParticle[] }> {
  const volumePaths = volumesOf(options);
  const { voxelSizeAngstrom } = options;
  const { listedVoxelSize } = picked;
  const reading = { voxelSizeAngstrom, listedVoxelSize, tomogramPaths: volumePaths };
  const read: ListedParticles[] = [];
  for (const path of options.truthPaths) read.push(await readListed(path, reading));
  const lists = withOwnNames(read, picked.particles).map((list) => withoutNegatives(list, options));
  checkTruth(lists);
  const named = lists.flatMap(({ particles }) => particles);
  const { picks, warnings } = inTrueTomograms(picked.particles, named);
  const origins = new Set([...lists, picked].map(({ origin }) => origin));
  // Lists that all count from the centre can be compared as they are; a volume counts from its first voxel.
  const isMixed = origins.size > 1 || volumePaths.length > 0 || (await simulatedLabels(options)) !== undefined;
  const sizes =
    isMixed && origins.has("tomogram-centre")
      ? await tomogramSizes(sortedClassNames(named.map(({ tomogram }) => tomogram)), [...lists, picked], {
          ...{ ...options, listedVoxelSize },
        })
      : undefined;
  const placed = <P extends ListedParticle>(origin: ListedParticles["origin"], particles: readonly P[]) =>
    sizes && origin === "tomogram-centre" ? fromFirstVoxel(particles, sizes) : particles;
  for (const warning of new Set([...lists.flatMap((list) => list.warnings), ...picked.warnings, ...warnings]))
    options.onWarning?.(warning);
  return {
    picks: placed(picked.origin, picks),
    truths: lists.flatMap(({ origin, particles }) => placed(origin, particles)),
  };
}

function volumesOf({ tomogramPaths = [], occupancyPaths = [] }: TruthOptions): readonly string[] {
  return [...tomogramPaths, ...occupancyPaths];
}

/** The instance labels that `cosnet simulate tomogram` writes beside its list, when the truth is such a list. */
export async function simulatedLabels({ truthPaths }: TruthOptions): Promise<string | undefined> {
  const path = join(dirname(truthPaths[0]!), "specimen", "instance-labels.mrc");
  return truthPaths.length === 1 && (await fileExists(path)) ? path : undefined;
}

/** What is of none of the classes need not be found. */
function withoutNegatives(list: ListedParticles, { onWarning, occupancyPaths }: TruthOptions): ListedParticles {
  const particles = list.particles.filter(({ isNegative }) => !isNegative);
  const left = list.particles.length - particles.length;
  if (left === 0) return list;
  if (occupancyPaths?.length && particles.some(({ instance }) => instance === undefined))
    throw new ConfigError(
      `${countText(left, "particle is", "particles are")} of none of the classes, and labels that count rows would shift without them`,
      {
        where: list.path,
        hint: "Give the particles' labels in column cosnetInstance, or leave --occupancy out.",
      },
    );
  onWarning?.(
    `${countText(left, "particle")} of ${list.path} ${left === 1 ? "is" : "are"} listed as of none of the classes: not to be found`,
  );
  return { ...list, particles };
}

function checkTruth(lists: readonly ListedParticles[]): void {
  if (lists.every(({ particles }) => particles.length === 0))
    throw new FormatError("the list of true particles is empty", lists[0]!.path);
  for (const { path, particles } of lists) {
    const nameless = particles.findIndex(({ className }) => className === undefined);
    if (nameless < 0) continue;
    throw new FormatError("a true particle has no class", `${path}, particle ${nameless + 1}`, {
      hint: "Name it in _cosnetClassName, or give a number in _rlnClassNumber.",
    });
  }
}

/** Edge lengths of the tomograms in Å: from tomograms.star, given or beside one of the lists, else from the volumes. */
async function tomogramSizes(
  tomograms: readonly string[],
  lists: readonly ListedParticles[],
  options: TruthOptions & Pick<OpenTomogramOptions, "listedVoxelSize">,
): Promise<ReadonlyMap<string, Vector3>> {
  const beside = lists.flatMap((list) => list.tomograms ?? []).find(({ sizesAngstrom }) => sizesAngstrom !== undefined);
  const star = options.tomogramsPath;
  if (star === undefined && beside) options.onWarning?.(`tomogram sizes are those of ${beside.path}`);
  const stated =
    star === undefined
      ? beside?.sizesAngstrom
      : readTomogramSizes(new TextDecoder().decode(await readFileBytes(star)), { name: star });
  if (stated) {
    if (tomograms.length === 1 && new Set(stated.values()).size === 1)
      return new Map([[tomograms[0]!, [...stated.values()][0]!]]);
    return new Map([...pairTomograms(tomograms, [...stated.keys()])].map(([name, own]) => [name, stated.get(own)!]));
  }
  const paths = options.tomogramPaths?.length ? options.tomogramPaths : (options.occupancyPaths ?? []);
  if (paths.length === 0) return new Map();
  const sizes = new Map<string, Vector3>();
  for (const [tomogram, path] of filesOfTomograms(paths, tomograms, "tomogram")) {
    await using volume = await openTomogram(path, options);
    sizes.set(tomogram, volume.sizeAngstrom);
  }
  return sizes;
}
