import { resolve, sep } from "node:path";

/** A tomogram's file name without endings. */
export function withoutEnding(path: string): string {
  return path.replace(/(\.(mrc|rec|map|em|npy|gz))+$/i, "");
}

/** What lists call tomograms: file names without endings, with as many folders before them as tell them apart. */
export function tomogramNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => withoutEnding(resolve(path)).split(sep));
  for (let depth = 1; ; depth++) {
    const names = parts.map((folders) => folders.slice(-depth).join("_"));
    if (new Set(names).size === names.length || parts.every((folders) => folders.length < depth)) return names;
  }
}
