/** The particles of lists, which are identified in place of what a search finds. */
import { countText } from "../../../count-text.js";
import { ConfigError, FormatError } from "../../../errors.js";
import { fileExists, isPattern, matchingPaths } from "../../../files/disk/index.js";
import { besideTomograms, readParticleListFile } from "../../../files/particles/index.js";
import type { TomogramGrid } from "../../../files/tomogram/index.js";
import { type Particle, type ParticleList, pairTomograms } from "../../../io/index.js";
import type { ListedParticle } from "../../search/index.js";
import type { PickSettings } from "../options.js";
import { positionIn } from "./position-in-tomogram.js";

/** Of each tomogram, by its path as it was given. */
export type ListedParticles = ReadonlyMap<string, readonly StatedParticle[]>;

/** A row of a list: plain data. */
export interface StatedParticle {
  readonly particle: {
    readonly positionAngstrom: Particle["positionAngstrom"] | undefined;
    readonly orientation: Particle["orientation"] | undefined;
  };
  readonly origin: ParticleList["origin"];
  /** List and row. */
  readonly where: string;
}

type ReadSettings = Pick<
  PickSettings,
  "tomogramPaths" | "tomogramNames" | "voxelSizeAngstrom" | "onWarning" | "signal"
>;

/**
 * Sorts the particles of lists into the tomograms that they name; those of lists that name none are in the only tomogram, or in the
 * one that the list's own file is called after.
 * @param paths files, and patterns with `*` and `?`
 * @throws ConfigError where it is not clear which tomogram particles are in, or none is in any; FormatError, FileError, AbortError.
 */
export async function readListedParticles(paths: readonly string[], settings: ReadSettings): Promise<ListedParticles> {
  const listed = new Map(settings.tomogramPaths.map((path): [string, StatedParticle[]] => [path, []]));
  const left = new Set<string>();
  for (const path of await namedLists(paths)) {
    const like = await tomogramLike(path, settings);
    const list = await readList(path, like, settings);
    for (const warning of list.warnings) settings.onWarning?.(`${path}: ${warning}`);
    const { origin } = list;
    const tomograms = list.particles.map(tomogramsOf(list.particles, path, settings));
    const { voxelSizeAngstrom } = settings;
    const read = (tomogram: string) => readList(path, tomogram, settings);
    const particles = await besideTomograms({ list, voxelSizeAngstrom, tomogramPath: like, read }, tomograms);
    const elsewhere = new Map<string, number>();
    for (const [index, particle] of particles.entries()) {
      const tomogram = tomograms[index];
      const { positionAngstrom, orientation } = particle;
      const stated = { particle: { positionAngstrom, orientation }, origin, where: `${path}, particle ${index + 1}` };
      const { tomogramName = "a tomogram without a name" } = particle;
      if (tomogram !== undefined) listed.get(tomogram)!.push(stated);
      else elsewhere.set(tomogramName, 1 + (elsewhere.get(tomogramName) ?? 0));
    }
    if (elsewhere.size > 0) tellElsewhere(path, particles.length, elsewhere, settings);
    for (const name of elsewhere.keys()) left.add(name);
  }
  if ([...listed.values()].some((own) => own.length > 0)) return listed;
  throw new ConfigError(`${paths.join(", ")}: its particles are in ${someOf(left)}, and no such tomogram is given`, {
    hint: "Give the tomograms that it names, or say what it calls them with --tomogram-name.",
  });
}

/** The files that are meant. @throws ConfigError for a pattern of none. */
async function namedLists(given: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const one of given) {
    const named = isPattern(one) ? await matchingPaths(one) : [one];
    if (named.length === 0)
      throw new ConfigError(`no list of particles is called ${one}`, { hint: "Check the pattern." });
    for (const path of named) paths.push(path);
  }
  return paths;
}

async function readList(
  path: string,
  tomogram: string | undefined,
  { voxelSizeAngstrom, signal }: ReadSettings,
): Promise<ParticleList> {
  const { list } = await readParticleListFile(path, {
    ...{ voxelSizeAngstrom, tomogramVoxelSizeAngstrom: voxelSizeAngstrom, signal },
    ...{ tomogram, tomogramWhereNeeded: true },
  });
  if (list.particles.length === 0)
    throw new FormatError("the particle list is empty", path, { hint: "Give a list with at least one particle." });
  return list;
}

/** The tomogram whose voxels a list may count in: the one that it is called after, else the first that is there. */
async function tomogramLike(path: string, settings: ReadSettings): Promise<string | undefined> {
  const own = tomogramCalled(path, settings);
  if (own !== undefined) return own;
  for (const one of settings.tomogramPaths) if (await fileExists(one)) return one;
  return settings.tomogramPaths[0];
}

/** The tomogram that a file is called after; undefined for none, or where several are alike. */
function tomogramCalled(path: string, { tomogramPaths, tomogramNames }: ReadSettings): string | undefined {
  const known = tomogramNames ?? tomogramPaths;
  const name = pairTomograms([path], known).get(path);
  return name === undefined ? undefined : tomogramPaths[known.indexOf(name)];
}

/** Which of the tomograms a particle is in; undefined where it names another. @throws ConfigError where nobody says. */
function tomogramsOf(
  particles: readonly Particle[],
  listPath: string,
  settings: ReadSettings,
): (particle: Particle) => string | undefined {
  const { tomogramPaths, tomogramNames } = settings;
  const names = new Set(particles.flatMap(({ tomogramName }) => tomogramName ?? []));
  // Formats that number their tomograms ("0") say little.
  const areNamed = [...names].some((name) => !/^\d+$/.test(name));
  if (areNamed) {
    const known = tomogramNames ?? tomogramPaths;
    const pairs = pairTomograms(names, known);
    return ({ tomogramName }) => {
      const same = tomogramName === undefined ? undefined : pairs.get(tomogramName);
      return same === undefined ? undefined : tomogramPaths[known.indexOf(same)];
    };
  }
  const [first, ...others] = tomogramPaths;
  const only = others.length === 0 ? first : tomogramCalled(listPath, settings);
  if (only === undefined || names.size > 1)
    throw new ConfigError(`${listPath} does not name its tomograms, and ${countOf(tomogramPaths, names)}`, {
      hint: "Name them in the list, give the particles of one tomogram with that tomogram, or call each list after its tomogram (TS_01.csv).",
    });
  return () => only;
}

function countOf(tomogramPaths: readonly string[], numbers: ReadonlySet<string>): string {
  return tomogramPaths.length > 1
    ? `${tomogramPaths.length} are given`
    : `numbers ${numbers.size} of them, where one is given`;
}

/** "TS_01, TS_02, TS_03, ...". */
function someOf(names: Iterable<string>): string {
  const all = [...names];
  return `${all.slice(0, 3).join(", ")}${all.length > 3 ? ", ..." : ""}`;
}

function tellElsewhere(
  path: string,
  all: number,
  elsewhere: ReadonlyMap<string, number>,
  { onWarning }: ReadSettings,
): void {
  const count = [...elsewhere.values()].reduce((sum, each) => sum + each, 0);
  onWarning?.(
    `${path}: ${countText(count, "particle")} of ${all} left out: in ${someOf(elsewhere.keys())}, which ${elsewhere.size > 1 ? "are" : "is"} not given`,
  );
}

/** Where they are in their tomogram. @throws FormatError for one that is outside, or has no position. */
export function placedIn(grid: TomogramGrid, stated: readonly StatedParticle[]): ListedParticle[] {
  return stated.map(({ particle, origin, where }) => ({
    positionAngstrom: positionIn(grid, particle, { what: "particle", origin, where }),
    ...(particle.orientation && { orientation: particle.orientation }),
  }));
}
