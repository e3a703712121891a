/** The tomograms of a copick project: one of each run. */
import { dirname, join } from "node:path";
import { ConfigError, FormatError } from "../../../errors.js";
import { fileExists, isFolder, listedFiles } from "../../../files/disk/index.js";
import { byNumber, type ListedTomogram } from "./listed-tomogram.js";

/** Of the reconstructions of a run the first of these that is there, as copick's own examples call them, else the first by name. */
const PREFERRED = ["wbp", "denoised"];

/**
 * Of each run in `ExperimentRuns` the tomogram at the smallest voxel spacing.
 * @param given the project's folder, or its configuration, of which `content` is what it holds
 * @throws FormatError for a configuration of another kind; ConfigError where it is on another computer; FileError.
 */
export async function copickTomograms(given: string, content: unknown): Promise<ListedTomogram[]> {
  const roots = content === undefined ? [given] : rootsOf(given, content);
  const tomograms = new Map<string, ListedTomogram>();
  for (const root of roots) {
    const runs = join(root, "ExperimentRuns");
    if (!(await isFolder(runs))) continue;
    for (const run of await listedFiles(runs)) {
      const found = run.isFolder && !tomograms.has(run.name) ? await tomogramOf(run.path) : undefined;
      if (found) tomograms.set(run.name, { ...found, name: run.name, source: given });
    }
  }
  return [...tomograms.keys()].sort(byNumber).map((name) => tomograms.get(name)!);
}

/** Folders of the static and the overlay part. */
function rootsOf(path: string, content: unknown): string[] {
  const { static_root, overlay_root } = (content ?? {}) as Record<string, unknown>; // each is looked at
  const roots = [static_root, overlay_root].filter((root) => typeof root === "string");
  if (roots.length === 0)
    throw new FormatError("not a configuration of copick: static_root and overlay_root are missing", path);
  return roots.map((root) => {
    const [, scheme, folder = root] = /^(\w+):\/\/(.*)$/.exec(root) ?? [];
    if (scheme !== undefined && !/^(local|file)$/.test(scheme))
      throw new ConfigError(`${path}: the project is at ${root}, and nothing is read over the network`, {
        hint: "Copy the tomograms to this computer, and name their folder.",
      });
    return folder.startsWith("/") ? folder : join(dirname(path), folder);
  });
}

async function tomogramOf(run: string): Promise<Pick<ListedTomogram, "path" | "voxelSizeAngstrom"> | undefined> {
  const spacings = (await listedFiles(run))
    .map(({ name, path }) => ({ path, spacing: Number(/^VoxelSpacing([\d.]+)$/.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ spacing }) => spacing > 0)
    .sort((a, b) => a.spacing - b.spacing);
  for (const { path, spacing } of spacings) {
    const volumes = (await listedFiles(path)).filter(
      ({ name }) => /\.(zarr|mrc)$/i.test(name) && !/_features?\b/i.test(name),
    );
    const rank = (name: string) => {
      const at = PREFERRED.indexOf(name.replace(/\.(zarr|mrc)$/i, ""));
      return at < 0 ? PREFERRED.length : at;
    };
    const [best] = volumes.toSorted((a, b) => rank(a.name) - rank(b.name) || byNumber(a.name, b.name));
    if (best && (await fileExists(best.path))) return { path: best.path, voxelSizeAngstrom: spacing };
  }
  return undefined;
}
