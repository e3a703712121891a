/** Which way the beam went in the first and last image of a tomogram's tilt series, as files beside it say. */
import { dirname, join } from "node:path";
import { endsOfBeams, type TiltEnds } from "../../../infer/index.js";
import { readTiltAngles, tomogramNameOf } from "../../../io/index.js";
import { fileExists, readFileBytes } from "../../disk/index.js";
import { locate } from "../linked-files.js";
import { openTiltSeries, type TiltSeriesReader } from "../tilt-series.js";

/** What a file states of a tilt series: the directions of the beam, or tilt angles about an axis that it leaves open. */
export type StatedTilts = { readonly path: string } & (
  | { readonly ends: TiltEnds }
  | { readonly rangeDegrees: readonly [number, number] }
);

const ANGLE_ENDINGS = [".mdoc", ".mrc.mdoc", ".st.mdoc", ".tlt", ".rawtlt"] as const;

/**
 * Tilt angles from `tiltsPath`, else from the list's tomograms.star, else from .mdoc, .tlt or .rawtlt of the tomogram's name
 * beside the list or the tomogram; undefined where there are none.
 * @throws FileError, FormatError for a file that is damaged.
 */
export async function statedTilts(
  tomogramName: string | undefined,
  {
    listPath,
    tomogramPath,
    tiltsPath,
  }: { listPath: string; tomogramPath?: string | undefined; tiltsPath?: string | undefined },
): Promise<StatedTilts | undefined> {
  const isStar = tiltsPath !== undefined && /\.star$/i.test(tiltsPath);
  if (tomogramName !== undefined && (isStar || tiltsPath === undefined)) {
    const series = await openTiltSeries(listPath, tiltsPath);
    const tilts = series && (await fromTomogramsStar(series, tomogramName));
    if (tilts) return tilts;
  }
  if (isStar) return undefined;
  const path = tiltsPath ?? (await anglesBeside(tomogramName, listPath, tomogramPath));
  if (path === undefined) return undefined;
  const angles = readTiltAngles(new TextDecoder().decode(await readFileBytes(path)), { name: path });
  return { path, rangeDegrees: rangeOf(angles) };
}

function rangeOf(angles: readonly number[]): readonly [number, number] {
  const lowest = angles.reduce((least, angle) => Math.min(least, angle), Number.POSITIVE_INFINITY);
  return [lowest, angles.reduce((most, angle) => Math.max(most, angle), Number.NEGATIVE_INFINITY)];
}

async function fromTomogramsStar({ path, of }: TiltSeriesReader, tomogram: string): Promise<StatedTilts | undefined> {
  const { images } = await of(tomogram);
  const used = images.filter(({ transfer }) => transfer?.scale !== 0);
  const ends = endsOfBeams(used.map(({ rotation: [, , , , , , x, y, z] }) => ({ x, y, z })));
  return ends && { ends, path };
}

async function anglesBeside(
  tomogramName: string | undefined,
  listPath: string,
  tomogramPath: string | undefined,
): Promise<string | undefined> {
  const name = tomogramPath ?? tomogramName;
  if (name === undefined) return undefined;
  const folders = new Set([dirname(tomogramPath ?? (await locate(listPath, name))), dirname(listPath)]);
  for (const folder of folders)
    for (const ending of ANGLE_ENDINGS) {
      const path = join(folder, tomogramNameOf(name) + ending);
      if (await fileExists(path)) return path;
    }
  return undefined;
}
