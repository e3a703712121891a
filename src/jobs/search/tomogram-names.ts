import { resolve, sep } from "node:path";
import { ConfigError } from "../../errors.js";
import { tomogramNameOf } from "../../io/index.js";

/**
 * What lists call tomograms: the names given, else each tomogram's own ("TS_01" of rec_TS_01.mrc). Two that would be called the
 * same are kept apart by the folders before them, which `onWarning` is told.
 * @throws ConfigError when names are given, but not one for each, or one twice.
 */
export function tomogramNames(
  paths: readonly string[],
  { tomogramNames: given, onWarning }: TomogramNameOptions = {},
): readonly string[] {
  if (given) return checkedNames(given, paths);
  const own = paths.map(tomogramNameOf);
  const twice = own.find((name, index) => own.indexOf(name) !== index);
  if (twice === undefined) return own;
  const folders = paths.map((path) => resolve(path).split(sep).slice(0, -1));
  for (let depth = 1; ; depth++) {
    const names = own.map((name, i) => [...folders[i]!.slice(-depth), name].join("_"));
    if (new Set(names).size < names.length && folders.some(({ length }) => length > depth)) continue;
    const apart = new Set(names).size === names.length ? names : paths;
    onWarning?.(
      `several tomograms are called ${twice}: lists call them ${apart.slice(0, 4).join(", ")}${apart.length > 4 ? ", ..." : ""}; --tomogram-name names them`,
    );
    return apart;
  }
}

interface TomogramNameOptions {
  /** A name for each tomogram, in their order. */
  readonly tomogramNames?: readonly string[] | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

function checkedNames(names: readonly string[], paths: readonly string[]): readonly string[] {
  if (names.length !== paths.length)
    throw new ConfigError(`${names.length} names (--tomogram-name) for ${paths.length} tomograms`, {
      hint: "Give one for each tomogram, in their order.",
    });
  const empty = names.some((name) => name.trim() === "");
  if (empty || new Set(names).size < names.length)
    throw new ConfigError(`a tomogram's name (--tomogram-name) is ${empty ? "empty" : "given twice"}`, {
      hint: "Lists tell tomograms apart by their names.",
    });
  return names;
}
