/** The tilt series of a list's tomograms, as its tomograms.star describes them. */
import { dirname } from "node:path";
import { readTiltSeries, type StarDocument, type TiltSeries, tiltSeriesFile, tomogramNameOf } from "../../io/index.js";
import { locate, locateFromProject } from "./linked-files.js";
import { readStarFile, tomogramsStarPath } from "./tomograms-star.js";

/** Reads each tilt series once. */
export interface TiltSeriesReader {
  /** The tomograms.star. */
  readonly path: string;
  /** The series of a tomogram by the list's name for it. @throws FileError, FormatError also where there is none of that name. */
  of(tomogramName: string): Promise<TiltSeries>;
}

/**
 * The tilt series of a tomograms.star; undefined where there is none, or it says nothing of tilt images.
 * @param tomogramsPath default: beside the list, or named by an optimisation set
 * @throws FileError, FormatError for a damaged one.
 */
export async function openTiltSeries(
  listPath: string,
  tomogramsPath?: string | undefined,
): Promise<TiltSeriesReader | undefined> {
  const path = tomogramsPath ?? (await tomogramsStarPath(listPath));
  if (path === undefined) return undefined;
  const tomograms = await readStarFile(path);
  if (!namesTiltImages(tomograms)) return undefined;
  const known = new Map<string, Promise<TiltSeries>>();
  const read = async (tomogramName: string): Promise<TiltSeries> => {
    const name = nameInFile(tomograms, tomogramName);
    const file = tiltSeriesFile(tomograms, name, path);
    if (file === undefined) return readTiltSeries(tomograms, name, { where: path });
    const imagesPath = (await locateFromProject(dirname(path), file)) ?? (await locate(listPath, file));
    const images = await readStarFile(imagesPath);
    return readTiltSeries(tomograms, name, { where: path, images, imagesWhere: imagesPath });
  };
  return {
    path,
    of(tomogramName) {
      const series = known.get(tomogramName) ?? read(tomogramName);
      known.set(tomogramName, series);
      return series;
    },
  };
}

/** The file may also state sizes alone. */
function namesTiltImages({ blocks }: StarDocument): boolean {
  const named = blocks.find(({ name }) => name === "global")?.tables[0]?.columns.has("rlnTomoTiltSeriesStarFile");
  return named === true || blocks.some(({ name }) => name !== "global");
}

/** The name as the file has it, which may differ by an ending. */
function nameInFile({ blocks }: StarDocument, tomogram: string): string {
  const names = blocks.find(({ name }) => name === "global")?.tables[0]?.columns.get("rlnTomoName") ?? [];
  if (names.includes(tomogram)) return tomogram;
  return names.find((name) => tomogramNameOf(name) === tomogramNameOf(tomogram)) ?? tomogram;
}
