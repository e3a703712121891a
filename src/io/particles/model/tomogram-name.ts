/** What a tomogram is called, whatever file or list names it: the one rule by which lists, tomograms.star and files pair. */

/** Endings of volumes, tilt series and lists, also several in a row ("TS_01.mrc.tomostar", "TS_01.ome.zarr"). */
const ENDINGS = new Set(
  "mrc mrcs rec map ccp4 st ali em npy hdf h5 tif tiff ome zarr gz bz2 xz tomostar mdoc star xml csv tsv tbl txt json ndjson coords cbox mod".split(
    " ",
  ),
);

/**
 * The tomogram's own name, "TS_01", from a path or a name in a list: without folders, endings and what programs add to
 * names of reconstructions (RELION 5 `rec_TS_01.mrc`, WarpTools `TS_01_10.00Apx.mrc`, IMOD `TS_01_rec.mrc`, AreTomo
 * `TS_01_Vol.mrc`).
 */
export function tomogramNameOf(path: string): string {
  let name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".")) {
    if (!ENDINGS.has(name.slice(dot + 1).toLowerCase())) break;
    name = name.slice(0, dot);
  }
  const own = name.replace(/^rec_/, "").replace(/_(\d{1,9}(\.\d{1,9})?Apx|full_rec|rec|Vol)$/, "");
  return own || name || path;
}

/** Whether two names, or paths, are of the same tomogram. */
export function isSameTomogram(a: string, b: string): boolean {
  return a === b || tomogramNameOf(a) === tomogramNameOf(b);
}

/**
 * The one of `known` that each of `names` is: the same name, else the only one that begins with it or that it begins with, up
 * to a separator ("tomo02" and "tomo02_objects", not "TS_1" and "TS_10"). Names of none, or of several alike, are left out.
 */
export function pairTomograms(names: Iterable<string>, known: readonly string[]): Map<string, string> {
  const exact = new Set(known);
  const [byName, byBeginning] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const other of known) {
    const own = tomogramNameOf(other);
    addTo(byName, own, other);
    for (const beginning of beginnings(own)) addTo(byBeginning, beginning, other);
  }
  const pairs = new Map<string, string>();
  for (const name of names) {
    const own = tomogramNameOf(name);
    const longer = byBeginning.get(own) ?? [];
    const shorter = beginnings(own).flatMap((beginning) => byName.get(beginning) ?? []);
    const same = byName.get(own) ?? [...longer, ...shorter];
    const match = exact.has(name) ? name : same.length === 1 ? same[0] : undefined;
    if (match !== undefined) pairs.set(name, match);
  }
  return pairs;
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}

/** No file system has longer names. */
const LONGEST_NAME = 255;

/** What a name begins with, up to each of its separators: "tomo" and "tomo_02" of "tomo_02-left". */
function beginnings(name: string): string[] {
  if (name.length > LONGEST_NAME) return [];
  return [...name.matchAll(/[^a-z0-9]/gi)].flatMap(({ index }) => (index > 0 ? [name.slice(0, index)] : []));
}
