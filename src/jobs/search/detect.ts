/** The search: every tile through the detector, its peaks noted on disk as soon as they are known. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { fileError } from "../../files/disk/index.js";
import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import { type Peak, planTiles, type TileDetector, tilePeaks } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";

export interface DetectOptions extends Progress {
  readonly scale: GreyScale;
  readonly minimumScore: number;
  /** File in which tiles are noted, so that a later run goes on after the last one. */
  readonly notesPath: string;
  readonly stage: string;
}

interface TileNote {
  readonly tile: number;
  /** x, y, z, score, radius of each peak in turn. */
  readonly peaks: readonly number[];
}

/** All peaks of a tomogram, in grid voxels, and how many tiles an earlier run had done. @throws FileError, AbortError. */
export async function detectPeaks(
  grid: TomogramGrid,
  detector: TileDetector,
  options: DetectOptions,
): Promise<{ readonly peaks: Peak[]; readonly tiles: number; readonly resumedTiles: number }> {
  const { scale, minimumScore, notesPath: path, stage, onProgress, signal } = options;
  const { edge, cellVoxels } = detector;
  const tiles = planTiles(grid.shape, detector);
  const { notes: done, cutShort } = await readNotes(path);
  const resumedTiles = done.size;
  const read = createRegionReader(grid, scale);
  let notes: FileHandle | undefined;
  try {
    notes = await open(path, "a");
    if (cutShort) await notes.appendFile("\n");
    for (const tile of tiles) {
      onProgress?.({ stage, done: done.size, total: tiles.length });
      if (done.has(tile.index)) continue;
      await breathe(signal);
      const volume = await read(tile.corner, edge);
      const answer = volume.some((value) => value !== 0) ? await detector.detect(volume) : undefined;
      const peaks = answer ? tilePeaks(answer, tile, { edge, cellVoxels, minimumScore }) : [];
      const note: TileNote = {
        tile: tile.index,
        peaks: peaks.flatMap(({ positionVoxels: { x, y, z }, score, radiusVoxels }) =>
          [x, y, z, score, radiusVoxels].map((value) => Number(value.toPrecision(7))),
        ),
      };
      // A note is one line, whole or cut short by whatever stopped the program; a line cut short counts for nothing.
      await notes.appendFile(`${JSON.stringify(note)}\n`);
      done.set(tile.index, note);
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) throw fileError(path, "written", cause);
    throw cause;
  } finally {
    await notes?.close();
  }
  onProgress?.({ stage, done: tiles.length, total: tiles.length });
  // In the order of tiles, whatever order they were done in: the same peaks give the same list.
  const peaks = tiles.flatMap(({ index }) => peaksOf(done.get(index)!));
  return { peaks, tiles: tiles.length, resumedTiles };
}

function peaksOf({ peaks }: TileNote): Peak[] {
  return Array.from({ length: peaks.length / 5 }, (_, i) => {
    const [x, y, z, score, radiusVoxels] = peaks.slice(5 * i, 5 * i + 5) as [number, number, number, number, number];
    return { positionVoxels: { x, y, z }, score, radiusVoxels };
  });
}

async function readNotes(path: string): Promise<{ notes: Map<number, TileNote>; cutShort: boolean }> {
  const text = await readFile(path, "utf8").catch(() => "");
  const notes = new Map<number, TileNote>();
  // What follows the last line break was being written when the program ended.
  for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    const note = parseNote(line);
    if (note) notes.set(note.tile, note);
  }
  return { notes, cutShort: text !== "" && !text.endsWith("\n") };
}

function parseNote(line: string): TileNote | undefined {
  try {
    const note = JSON.parse(line) as Partial<TileNote>;
    if (Number.isInteger(note.tile) && Array.isArray(note.peaks) && note.peaks.length % 5 === 0)
      return note as TileNote;
  } catch {
    // not a whole line
  }
  return undefined;
}
