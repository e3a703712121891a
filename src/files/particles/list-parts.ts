/** Particle lists that are several files: a file a tomogram or class, copick's folders, names beside numbers. */
import { readdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import {
  classLabel,
  copickName,
  copickPath,
  type Particle,
  type ParticleFormat,
  type ParticleList,
  type PlacementOptions,
  readParticleList,
  renamingText,
} from "../../io/index.js";
import { plainName } from "../../plain-name.js";
import { type FileContent, fileError, readFileBytes, withStagedFiles, writeFileAtomic } from "../disk/index.js";

/**
 * The parts of a list by the path that each goes to.
 * @throws ConfigError when two parts would go to the same path.
 */
export function splitParticleList(path: string, list: ParticleList, format: ParticleFormat): Map<string, ParticleList> {
  const folders = isCopickProject(path, format);
  const [byTomogram, byClass] = ["{tomogram}", "{class}"].map((part) => folders || path.includes(part));
  if (!byTomogram && !byClass) return new Map([[path, list]]);
  const groups = new Map<string, Particle[]>();
  const origins = new Map<string, string>();
  for (const particle of list.particles) {
    const tomogram = fileName(particle.tomogramName ?? "tomogram");
    const label = fileName(classLabel(particle) ?? "particle");
    const target = folders
      ? join(path, copickPath(tomogram, label))
      : path.replaceAll("{tomogram}", tomogram).replaceAll("{class}", label);
    const source = JSON.stringify([byTomogram && particle.tomogramName, byClass && classLabel(particle)]);
    const known = origins.get(target);
    if (known !== undefined && known !== source)
      throw new ConfigError("two tomograms or classes would be written to this one file", {
        where: target,
        hint: "Rename them so that their names differ by more than special characters.",
      });
    origins.set(target, source);
    const group = groups.get(target) ?? [];
    // A picks file names the run that its folder is called after.
    group.push(folders ? { ...particle, tomogramName: tomogram } : particle);
    groups.set(target, group);
  }
  return new Map([...groups].map(([target, particles]) => [target, { ...list, particles }]));
}

/** Whether the path is the folder of a copick project, not one file of picks. */
export function isCopickProject(path: string, format: ParticleFormat): boolean {
  return format === "copick" && !/\.json$/i.test(path);
}

/** What names become in the paths that `splitParticleList` gives: `"80S ribosome" is written as 80S-ribosome`. */
export function renamedInPaths(path: string, { particles }: ParticleList, format: ParticleFormat): string[] {
  const folders = isCopickProject(path, format);
  const [byTomogram, byClass] = ["{tomogram}", "{class}"].map((part) => folders || path.includes(part));
  const tomograms = byTomogram ? particles.map(({ tomogramName }) => tomogramName) : [];
  const classes = byClass ? particles.map(classLabel) : [];
  const texts = [
    renamingText(tomograms, fileName),
    renamingText(classes, (name) => (folders ? copickName(fileName(name)) : fileName(name))),
  ];
  return texts.flatMap((text) => (text === undefined ? [] : [`in the names of files, ${text}`]));
}

/** A name as a part of a file's name: of a path the last part, without the endings of volumes. */
function fileName(name: string): string {
  const last = basename(name.replaceAll("\\", "/")).replace(/\.(mrc|rec|em|hdf|tomostar|zarr)$/i, "");
  return plainName(last, { otherwise: "unnamed" });
}

/**
 * Writes one file, or all of several and none when one fails.
 * @param project the folder of a project whose own folders appear with the files.
 * @throws FileError, AbortError
 */
export async function writeTogether(
  contents: ReadonlyMap<string, FileContent>,
  signal: AbortSignal | undefined,
  project?: string,
): Promise<void> {
  const [first, ...others] = contents;
  if (first === undefined) throw new ConfigError("the particle list is empty: there is nothing to write");
  if (others.length === 0 && project === undefined) return writeFileAtomic(...first, { signal });
  let folder = project ?? dirname(first[0]);
  const inside = ([path]: readonly [string, unknown]) => !relative(folder, path).startsWith("..");
  while (!others.every(inside) && dirname(folder) !== folder) folder = dirname(folder);
  await withStagedFiles(folder, {}, async (files) => {
    for (const [path, content] of contents) await files.write(relative(folder, path), content, { signal });
  });
}

/** All picks of a copick project: ExperimentRuns/RUN/Picks/USER_SESSION_OBJECT.json. @throws FileError, FormatError */
export async function readCopickFolder(folder: string, placement: PlacementOptions): Promise<ParticleList> {
  const entries = await readdir(folder, { recursive: true }).catch((cause) => {
    throw fileError(folder, "read", cause);
  });
  const picks = entries
    .map((entry) => entry.replaceAll("\\", "/"))
    .filter((entry) => /(^|\/)Picks\/[^/]+\.json$/.test(entry));
  if (picks.length === 0)
    throw new FormatError("this folder holds no picks of copick", folder, {
      hint: "Give one file, or a folder with ExperimentRuns/RUN/Picks/*.json.",
    });
  const lists: ParticleList[] = [];
  for (const entry of picks.sort()) {
    const path = join(folder, entry);
    const list = readParticleList(await readFileBytes(path), { name: path, format: "copick", ...placement });
    const run = /(?:^|\/)([^/]+)\/Picks\//.exec(`/${entry}`)?.[1];
    lists.push({
      ...list,
      particles: list.particles.map((particle) => ({ ...(run && { tomogramName: run }), ...particle })),
    });
  }
  const spacings = new Set(lists.map(({ coordinatePixelSizeAngstrom }) => coordinatePixelSizeAngstrom));
  return {
    particles: lists.flatMap(({ particles }) => particles),
    origin: "first-voxel",
    voxelSizeAngstrom: undefined,
    coordinatePixelSizeAngstrom: spacings.size === 1 ? [...spacings][0] : undefined,
    warnings: [...lists.flatMap(({ warnings }) => warnings), ...pickedTwice(picks)],
  };
}

/** What to say where several users or sessions have picked an object in a run: their picks may be of the same particles. */
function pickedTwice(entries: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const entry of entries) {
    const folder = entry.slice(0, entry.lastIndexOf("/") + 1);
    const object = folder + entry.slice(folder.length).split("_").slice(2).join("_");
    const other = known.get(object);
    if (other !== undefined)
      return [
        `${other} and ${basename(entry)} are of the same object, and both are read; give one file to read it alone`,
      ];
    known.set(object, entry);
  }
  return [];
}

/** Lines "number name" (spaces, a tab or a comma between them). @throws FormatError, FileError */
export async function readNames(path: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const text = new TextDecoder().decode(await readFileBytes(path));
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const trimmed = line.trim();
    const [number = ""] = /^\d+/.exec(trimmed) ?? [];
    const name = trimmed.slice(number.length).replace(/^[\s,]+/, "");
    if (number === "" || name === "" || !/^[\s,]/.test(trimmed.slice(number.length)))
      throw new FormatError('expected "number name"', `${path}, line ${index + 1}`);
    names.set(String(Number(number)), name);
  }
  return names;
}

/** The same list with names in place of numbers; numbers without a name stay, and a warning says how many. */
export function withTomogramNames(list: ParticleList, names: ReadonlyMap<string, string>): ParticleList {
  const unnamed = new Set<string>();
  const particles = list.particles.map((particle) => {
    const { tomogramName } = particle;
    const name = tomogramName === undefined ? undefined : names.get(tomogramName);
    if (name === undefined && tomogramName !== undefined) unnamed.add(tomogramName);
    return name === undefined ? particle : { ...particle, tomogramName: name };
  });
  const warnings = unnamed.size > 0 ? [`tomograms ${[...unnamed].join(", ")} are not in the list of names`] : [];
  return { ...list, particles, warnings: [...list.warnings, ...warnings] };
}
