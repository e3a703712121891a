import { basename } from "node:path";
import { countText } from "../../count-text.js";
import { ConfigError, FormatError } from "../../errors.js";
import {
  besideTomograms,
  listedVoxelSize,
  readParticleListFile,
  type TomogramsStar,
} from "../../files/particles/index.js";
import type { StatedVoxelSize } from "../../files/tomogram/index.js";
import {
  type ContrastName,
  classNameOf,
  columnNumber,
  commonFact,
  isNegativeClass,
  isSameTomogram,
  type Particle,
  pairTomograms,
  scoreOf,
  statedContrast,
  tomogramNameOf,
} from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { EvaluatePicksOptions } from "./options.js";

export interface ReadListOptions extends Pick<EvaluatePicksOptions, "voxelSizeAngstrom" | "scoreColumn"> {
  /** What the picks say of the tomogram's voxels. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** Volumes whose voxels are what coordinates in them count in, where neither the list nor the option says it. */
  readonly tomogramPaths?: readonly string[] | undefined;
}

/** One row of a list, as scoring needs it. */
export interface ListedParticle {
  readonly tomogram: string;
  readonly positionAngstrom: Vector3;
  readonly className: string | undefined;
  /** The list says that it is of none of the classes. */
  readonly isNegative?: boolean;
  readonly classNumber: number | undefined;
  readonly score: number | undefined;
  readonly probability?: number | undefined;
  /** Number of the particle in an instance label volume. */
  readonly instance: number | undefined;
  readonly diameterAngstrom: number | undefined;
}

export interface ListedParticles<T extends ListedParticle = ListedParticle> {
  readonly path: string;
  /** The tomogram that the file's name tells. */
  readonly ownName: string;
  readonly origin: "first-voxel" | "tomogram-centre";
  readonly particles: readonly T[];
  /** What RELION's tomograms.star says, where it lies beside a list that counts from the tomograms' centres. */
  readonly tomograms?: TomogramsStar | undefined;
  /** What the list says of the voxels, and of the contrast, of all its particles' tomograms. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  readonly contrast?: ContrastName | undefined;
  readonly warnings: readonly string[];
}

/**
 * A particle list with a tomogram for every row: the list's, else the file's own name without what follows it
 * ("tomo02_objects.xml" is of tomo02).
 * @throws FileError, FormatError when it cannot be read; FormatError when a row has no position or the score column is not
 * there or no number.
 */
export async function readListed(path: string, options: ReadListOptions): Promise<ListedParticles> {
  const { voxelSizeAngstrom, tomogramPaths = [] } = options;
  const readBeside = (tomogram: string | undefined) =>
    readParticleListFile(path, {
      ...{ voxelSizeAngstrom, tomogram, listedVoxelSize: options.listedVoxelSize, tomogramWhereNeeded: true },
    });
  const { list, tomograms } = await readBeside(tomogramPaths[0]);
  const ownName = tomogramNameOf(path).replace(
    /[_-](objects|objlist|truth|ground_truth|particles|particle_locations|locations|picks)$/i,
    "",
  );
  const names = list.particles.map(({ tomogramName }) => tomogramName ?? ownName);
  const files = pairTomograms(new Set([...names, ownName]), tomogramPaths);
  const read = async (path: string) => (await readBeside(path)).list;
  const rows = await besideTomograms(
    { list, voxelSizeAngstrom, tomogramPath: tomogramPaths[0], read },
    names.map((name) => files.get(name) ?? files.get(ownName)),
  );
  const particles = rows.map((particle, index): ListedParticle => {
    const where = `${path}, particle ${index + 1}`;
    const { positionAngstrom, tomogramName, classNumber } = particle;
    if (!positionAngstrom || !Object.values(positionAngstrom).every(Number.isFinite))
      throw new FormatError("there is no position", where, { hint: "Give a list with coordinates." });
    return {
      tomogram: tomogramName === undefined ? ownName : tomogramNameOf(tomogramName),
      positionAngstrom,
      className: classOf(particle),
      isNegative: isNegativeClass(classNameOf(particle) ?? ""),
      classNumber,
      score: listedScore(particle, options.scoreColumn, where),
      probability: columnNumber(particle.extra, "cosnetProbability"),
      instance: columnNumber(particle.extra, "cosnetInstance"),
      diameterAngstrom: columnNumber(particle.extra, "cosnetDiameterAngst"),
    };
  });
  return {
    ...{ path, ownName, origin: list.origin, particles, tomograms, warnings: list.warnings },
    listedVoxelSize: listedVoxelSize(list, path),
    contrast: commonFact(list.particles, path, statedContrast),
  };
}

/** The class's name as scores have it. Undefined for none, as for names that say so. */
function classOf(particle: Particle): string | undefined {
  const name = classNameOf(particle);
  return name === undefined || isNegativeClass(name) ? undefined : scoredName(name);
}

/** What scores call a class: of "class 3" the number, which another list may give alone. */
export function scoredName(className: string): string {
  return className.replace(/^class\s+(?=\d+$)/i, "");
}

function listedScore(particle: Particle, column: string | undefined, where: string): number | undefined {
  if (column === undefined) return scoreOf(particle);
  if (column === "score" && particle.score !== undefined) return particle.score;
  const value = columnNumber(particle.extra, column);
  if (value === undefined)
    throw new FormatError(`there is no number in column ${column}`, where, {
      hint: `Columns of that particle: ${["score", ...Object.keys(particle.extra)].join(", ")}.`,
    });
  return value;
}

/**
 * The picks with the truth's names of tomograms. Names pair as `pairTomograms` has it; a single tomogram on
 * both sides is the same whatever it is called. Picks in tomograms that the truth does not have are left out and counted.
 * @throws ConfigError when no tomogram of the picks is one of the truth's.
 */
export function inTrueTomograms<T extends ListedParticle>(
  picks: readonly T[],
  truths: readonly ListedParticle[],
): { readonly picks: T[]; readonly warnings: string[] } {
  const trueNames = [...new Set(truths.map(({ tomogram }) => tomogram))];
  const names = [...new Set(picks.map(({ tomogram }) => tomogram))];
  const renamed = pairTomograms(names, trueNames);
  const warnings: string[] = [];
  if (renamed.size === 0 && names.length === 1 && trueNames.length === 1) {
    renamed.set(names[0]!, trueNames[0]!);
    warnings.push(
      `the picks are of tomogram ${names[0]}, the truth is of ${trueNames[0]}: taken for the same, because each list is of one tomogram`,
    );
  }
  if (renamed.size === 0 && names.length > 0)
    throw new ConfigError(
      `the picks are of tomograms ${shortList(names)}, the truth is of ${shortList(trueNames)}: none is the same`,
      { hint: "Name the tomograms alike (_rlnTomoName), or give lists of one tomogram each." },
    );
  const left = names.filter((name) => !renamed.has(name));
  const count = picks.filter(({ tomogram }) => !renamed.has(tomogram)).length;
  return {
    picks: picks.flatMap((pick) => {
      const tomogram = renamed.get(pick.tomogram);
      return tomogram === undefined ? [] : [{ ...pick, tomogram }];
    }),
    warnings: [
      ...warnings,
      ...(left.length > 0
        ? [
            `${countText(count, "pick is", "picks are")} left out: the truth says nothing of their tomograms (${shortList(left)})`,
          ]
        : []),
    ],
  };
}

/**
 * Lists where each tomogram has a file of its own often call all of them the same ("0"): then the files' names count. Lists of a
 * class each share their tomograms' names, which the picks know.
 */
export function withOwnNames(
  lists: readonly ListedParticles[],
  picks: readonly ListedParticle[],
): readonly ListedParticles[] {
  const names = lists.map(({ particles }) => new Set(particles.map(({ tomogram }) => tomogram)));
  const shared = names.flatMap((own, i) =>
    [...own].filter((name) => names.some((other, j) => j < i && other.has(name))),
  );
  if (shared.length === 0) return lists;
  const known = pairTomograms(new Set(picks.map(({ tomogram }) => tomogram)), shared);
  if (known.size > 0 && shared.every((name) => !/^\d+$/.test(name))) return lists;
  return lists.map((list) => ({
    ...list,
    particles: list.particles.map((particle) => ({ ...particle, tomogram: list.ownName })),
  }));
}

/** Positions counted from the first voxel instead of the tomogram's centre. @throws ConfigError when a size is missing. */
export function fromFirstVoxel<T extends ListedParticle>(
  particles: readonly T[],
  sizesAngstrom: ReadonlyMap<string, Vector3>,
): T[] {
  return particles.map((particle) => {
    const size = sizesAngstrom.get(particle.tomogram);
    if (!size)
      throw new ConfigError(`positions are from the centre of tomogram ${particle.tomogram}, whose size is not known`, {
        hint: "Give RELION's tomograms.star (--tomograms) or the tomogram (--tomogram).",
      });
    const { x, y, z } = particle.positionAngstrom;
    return { ...particle, positionAngstrom: { x: x + size.x / 2, y: y + size.y / 2, z: z + size.z / 2 } };
  });
}

/** The file that holds each tomogram: by name, or the only one. @throws ConfigError when one has none or two. */
export function filesOfTomograms(
  paths: readonly string[],
  tomograms: readonly string[],
  what: string,
): Map<string, string> {
  if (paths.length === 1 && tomograms.length === 1) return new Map([[tomograms[0]!, paths[0]!]]);
  const files = pairTomograms(tomograms, paths);
  const missing = tomograms.find((tomogram) => !files.has(tomogram));
  if (missing === undefined) return files;
  const same = paths.filter((path) => isSameTomogram(path, missing)).length;
  throw new ConfigError(`${same === 0 ? "none" : same} of the ${what} files is of tomogram ${missing}`, {
    hint: `Give one for each tomogram, with names that begin with the tomogram's; there are ${shortList(paths.map((path) => basename(path)))}.`,
  });
}

export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(", ");
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}
