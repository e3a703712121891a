/** The particles of lists, which are identified in place of what a search finds. */
import { countText } from "../../../count-text.js";
import { ConfigError, FormatError } from "../../../errors.js";
import { readParticleListFile } from "../../../files/particles/index.js";
import type { TomogramGrid } from "../../../files/tomogram/index.js";
import { type Particle, type ParticleList, pairTomograms } from "../../../io/index.js";
import type { ListedParticle } from "../../search/index.js";
import type { PickSettings } from "../options.js";
import { positionIn } from "./position-in-tomogram.js";

/** Of each tomogram, by its path as it was given. */
export type ListedParticles = ReadonlyMap<string, readonly StatedParticle[]>;

/** A row of a list. */
interface StatedParticle {
  readonly particle: Particle;
  readonly origin: ParticleList["origin"];
  /** List and row. */
  readonly where: string;
}

type ReadSettings = Pick<
  PickSettings,
  "tomogramPaths" | "tomogramNames" | "voxelSizeAngstrom" | "onWarning" | "signal"
>;

/**
 * Sorts the particles of lists into the tomograms that they name; those of lists that name none are in the only tomogram.
 * @throws ConfigError where it is not clear which tomogram particles are in, or none is in any; FormatError, FileError, AbortError.
 */
export async function readListedParticles(paths: readonly string[], settings: ReadSettings): Promise<ListedParticles> {
  const listed = new Map(settings.tomogramPaths.map((path): [string, StatedParticle[]] => [path, []]));
  for (const path of paths) {
    const { particles, origin } = await readList(path, settings);
    const tomogramOf = tomogramsOf(particles, path, settings);
    const elsewhere = new Map<string, number>();
    for (const [index, particle] of particles.entries()) {
      const tomogram = tomogramOf(particle);
      const stated = { particle, origin, where: `${path}, particle ${index + 1}` };
      const { tomogramName = "a tomogram without a name" } = particle;
      if (tomogram !== undefined) listed.get(tomogram)!.push(stated);
      else elsewhere.set(tomogramName, 1 + (elsewhere.get(tomogramName) ?? 0));
    }
    if (elsewhere.size > 0) tellElsewhere(path, particles.length, elsewhere, settings);
  }
  return listed;
}

async function readList(path: string, settings: ReadSettings): Promise<ParticleList> {
  const { tomogramPaths, voxelSizeAngstrom, onWarning, signal } = settings;
  const { list } = await readParticleListFile(path, {
    ...{ voxelSizeAngstrom, tomogramVoxelSizeAngstrom: voxelSizeAngstrom, signal },
    ...{ tomogram: tomogramPaths[0], tomogramWhereNeeded: true },
  });
  if (list.particles.length === 0)
    throw new FormatError("the particle list is empty", path, { hint: "Give a list with at least one particle." });
  for (const warning of list.warnings) onWarning?.(`${path}: ${warning}`);
  return list;
}

/** Which of the tomograms a particle is in; undefined where it names another. @throws ConfigError where nobody says. */
function tomogramsOf(
  particles: readonly Particle[],
  listPath: string,
  { tomogramPaths, tomogramNames }: ReadSettings,
): (particle: Particle) => string | undefined {
  const names = new Set(particles.flatMap(({ tomogramName }) => tomogramName ?? []));
  // Formats that number their tomograms ("0") say little.
  const areNamed = [...names].some((name) => !/^\d+$/.test(name));
  const [only, ...others] = tomogramPaths;
  if (!areNamed && (others.length > 0 || names.size > 1))
    throw new ConfigError(`${listPath} does not name its tomograms, and ${countOf(tomogramPaths, names)}`, {
      hint: "Name them in the list, or give the particles of one tomogram with that tomogram.",
    });
  if (!areNamed) return () => only;
  const known = tomogramNames ?? tomogramPaths;
  const pairs = pairTomograms(names, known);
  return ({ tomogramName }) => {
    const same = tomogramName === undefined ? undefined : pairs.get(tomogramName);
    return same === undefined ? undefined : tomogramPaths[known.indexOf(same)];
  };
}

function countOf(tomogramPaths: readonly string[], numbers: ReadonlySet<string>): string {
  return tomogramPaths.length > 1
    ? `${tomogramPaths.length} are given`
    : `numbers ${numbers.size} of them, where one is given`;
}

/** @throws ConfigError where all are. */
function tellElsewhere(
  path: string,
  all: number,
  elsewhere: ReadonlyMap<string, number>,
  { onWarning }: ReadSettings,
): void {
  const count = [...elsewhere.values()].reduce((sum, each) => sum + each, 0);
  const names = [...elsewhere.keys()];
  const named = `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", ..." : ""}`;
  if (count === all)
    throw new ConfigError(`${path}: its particles are in ${named}, and no such tomogram is given`, {
      hint: "Give the tomograms that it names, or say what it calls them with --tomogram-name.",
    });
  onWarning?.(
    `${path}: ${countText(count, "particle")} of ${all} left out: in ${named}, which ${names.length > 1 ? "are" : "is"} not given`,
  );
}

/** Where they are in their tomogram. @throws FormatError for one that is outside, or has no position. */
export function placedIn(grid: TomogramGrid, stated: readonly StatedParticle[]): ListedParticle[] {
  return stated.map(({ particle, origin, where }) => ({
    positionAngstrom: positionIn(grid, particle, { what: "particle", origin, where }),
    ...(particle.orientation && { orientation: particle.orientation }),
  }));
}
