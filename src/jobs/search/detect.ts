/** The search: every tile through the detector, its peaks noted on disk as soon as they are known. */
import { openWorkNotes } from "../../files/disk/index.js";
import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import { type Peak, planTiles, type Tile, type TileDetector, tilePeaks } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";

export interface DetectOptions extends Progress {
  readonly scale: GreyScale;
  readonly minimumScore: number;
  /** File in which tiles are noted, so that a later run continues after the last one. */
  readonly notesPath: string;
  readonly stage: string;
}

/** One line of the notes. */
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
  const { scale, minimumScore, notesPath, stage, onProgress, signal } = options;
  const { edge, cellVoxels } = detector;
  const tiles = planTiles(grid.shape, detector);
  const read = createRegionReader(grid, scale);
  await using notes = await openWorkNotes(notesPath, "line");
  const done = parseNotes(new TextDecoder().decode(await notes.read()));
  const resumedTiles = done.size;
  for (const tile of tiles) {
    onProgress?.({ stage, done: done.size, total: tiles.length });
    if (done.has(tile.index)) continue;
    await breathe(signal);
    const volume = await read(tile.corner, edge);
    const answer = volume.some((value) => value !== 0) ? await detector.detect(volume) : undefined;
    const note = noteOf(tile, answer ? tilePeaks(answer, tile, { edge, cellVoxels, minimumScore }) : []);
    await notes.append(`${JSON.stringify(note)}\n`);
    done.set(tile.index, note);
  }
  onProgress?.({ stage, done: tiles.length, total: tiles.length });
  // In the order of tiles, whatever order they were done in: the same peaks give the same list.
  const peaks = tiles.flatMap(({ index }) => peaksOf(done.get(index)));
  return { peaks, tiles: tiles.length, resumedTiles };
}

function noteOf({ index }: Tile, peaks: readonly Peak[]): TileNote {
  const values = peaks.flatMap(({ positionVoxels: { x, y, z }, score, radiusVoxels }) => [
    x,
    y,
    z,
    score,
    radiusVoxels,
  ]);
  return { tile: index, peaks: values.map((value) => Number(value.toPrecision(7))) };
}

function peaksOf({ peaks }: TileNote = { tile: 0, peaks: [] }): Peak[] {
  return Array.from({ length: peaks.length / 5 }, (_, i) => {
    const [x, y, z, score, radiusVoxels] = peaks.slice(5 * i, 5 * i + 5) as [number, number, number, number, number];
    return { positionVoxels: { x, y, z }, score, radiusVoxels };
  });
}

function parseNotes(text: string): Map<number, TileNote> {
  const notes = text.split("\n").flatMap((line) => parseNote(line) ?? []);
  return new Map(notes.map((note) => [note.tile, note]));
}

function parseNote(line: string): TileNote | undefined {
  try {
    const note = JSON.parse(line) as Partial<TileNote>;
    if (Number.isInteger(note.tile) && Array.isArray(note.peaks) && note.peaks.length % 5 === 0)
      return note as TileNote;
  } catch {
    // not a note of this version
  }
  return undefined;
}
