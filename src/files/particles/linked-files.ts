/** Where the files named in a particle list lie. */
import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import type { Particle } from "../../io/index.js";
import { fileExists } from "../disk/index.js";

/** RELION writes paths from the project's folder; lists that travel with their files, from the list's own. */
export async function locate(listPath: string, name: string): Promise<string> {
  if (isAbsolute(name)) return name;
  const beside = join(dirname(listPath), name);
  if (await fileExists(beside)) return beside;
  return (await locateFromProject(dirname(listPath), name)) ?? beside;
}

/** In RELION's folders the list lies at most this deep in the project that paths are written from. */
const DEEPEST_JOB = 6;

/** A file named from the project's folder, which is the current one or one above the list's; undefined where there is none. */
export async function locateFromProject(folder: string, name: string): Promise<string | undefined> {
  if (isAbsolute(name)) return (await fileExists(name)) ? name : undefined;
  if (await fileExists(name)) return name;
  for (let depth = 0; depth <= DEEPEST_JOB; depth++) {
    const candidate = join(folder, "../".repeat(depth), name);
    if (await fileExists(candidate)) return candidate;
  }
  return undefined;
}

/**
 * For a list that is written anew in another folder: a name that was found beside the old list becomes the path from the
 * new list's folder, so that it still names the same file. Absolute names, names from the project's (the current) folder,
 * and names of nothing that exists stay as they are.
 */
export function renameFrom(listPath: string, newFolder: string): (name: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (name) => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    const path = join(dirname(listPath), name);
    const beside = !isAbsolute(name) && (await fileExists(path));
    const renamed = beside ? await relativeName(newFolder, path) : name;
    known.set(name, renamed);
    return renamed;
  };
}

/** Particles for a list in another folder, with the names of their files as `renameFrom` makes them. */
export async function relinkParticles(
  particles: readonly Particle[],
  listPath: string,
  newFolder: string,
): Promise<Particle[]> {
  const renamed = renameFrom(listPath, newFolder);
  const relinked: Particle[] = [];
  for (const particle of particles) {
    const { imageName, tomogramName } = particle;
    relinked.push({
      ...particle,
      ...(imageName !== undefined && { imageName: await renamed(imageName) }),
      ...(tomogramName !== undefined && { tomogramName: await renamed(tomogramName) }),
    });
  }
  return relinked;
}

/** Links to folders are followed first: ".." from a link leads elsewhere. */
async function relativeName(folder: string, path: string): Promise<string> {
  const file = join(await realpath(dirname(path)), basename(path));
  return relative(await realpath(folder), file)
    .split(sep)
    .join("/");
}
