/** Which tomograms a batch is of: folders, patterns, lists and projects, made one list of files. */

import { ConfigError, FileError } from "../../../errors.js";
import { realPath } from "../../../files/disk/index.js";
import { tomogramNames } from "../../search/index.js";
import type { ListedTomogram } from "./listed-tomogram.js";
import { filesOf } from "./sources.js";

/**
 * The tomograms that are meant, each once, in the order in which they are given; files of a folder or pattern by name.
 * @param given files, folders, patterns with `*` and `?`, a tomograms.star, a CSV table, a copick project's folder or JSON file
 * @throws ConfigError where nothing is meant, or names of a list are given twice; FileError where none of the tomograms is there,
 * FileError, FormatError as reading does.
 */
export async function resolveManifest(
  given: readonly string[],
  { onWarning }: { readonly onWarning?: ((warning: string) => void) | undefined },
): Promise<(ListedTomogram & { readonly name: string })[]> {
  const all: ListedTomogram[] = [];
  for (const one of given) for (const tomogram of await filesOf(one)) all.push(tomogram);
  const seen = new Set<string>();
  let missing = 0;
  const tomograms: ListedTomogram[] = [];
  for (const tomogram of all) {
    const file = await realPath(tomogram.path).catch(() => {
      missing++; // it fails by itself, later
      return tomogram.path;
    });
    if (!seen.has(file)) tomograms.push(tomogram);
    seen.add(file);
  }
  if (tomograms.length === 0)
    throw new ConfigError("there are no tomograms", {
      hint: "Give files, a folder, a pattern such as 'rec/*.mrc', a tomograms.star, a CSV table or a copick project.",
    });
  if (missing === all.length)
    throw new FileError("cannot be read: there is no such file or folder", tomograms[0]!.path, {
      hint: tomograms.length > 1 ? "None of the tomograms is there." : "Check the name.",
    });
  const own = tomogramNames(
    tomograms.map(({ path }) => path),
    { onWarning },
  );
  const names = tomograms.map(({ name }, i) => name ?? own[i]!);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError(`two tomograms are called ${twice}`, {
      hint: "Lists tell tomograms apart by their names: name them in the first column of a CSV table.",
    });
  return tomograms.map((tomogram, i) => ({ ...tomogram, name: names[i]! }));
}
