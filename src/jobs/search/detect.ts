/** The search: every tile through the detector, its peaks noted on disk as soon as they are known. */
import { openWorkNotes } from "../../files/disk/index.js";
import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import {
  createFeatureMap,
  type FeatureMap,
  type Peak,
  placeFeatures,
  planTiles,
  type Tile,
  type TileDetector,
  tilePeaks,
} from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { openFeatureNotes } from "./feature-notes.js";

export interface DetectOptions extends Progress {
  readonly scale: GreyScale;
  readonly minimumScore: number;
  /** File in which tiles are noted, so that a later run continues after the last one. */
  readonly notesPath: string;
  readonly stage: string;
  /** Keep what the detector sees around every cell, if it tells. */
  readonly keepFeatures?: boolean;
  /** Told all peaks so far, once in a while. */
  readonly onPeaks?: ((peaks: readonly Peak[]) => void) | undefined;
}

/** Who looks at what is found so far sees no more often that there is more. */
const TELLING_MILLISECONDS = 500;

/** What the search of all tiles gave. */
export interface Detected {
  /** In grid voxels. */
  readonly peaks: Peak[];
  readonly features: FeatureMap | undefined;
  readonly tiles: number;
  /** How many of them an earlier run had done. */
  readonly resumedTiles: number;
}

/** One line of the notes. */
interface TileNote {
  readonly tile: number;
  /** x, y, z, score, radius of each peak in turn. */
  readonly peaks: readonly number[];
}

/** @throws FileError, AbortError. */
export async function detectPeaks(
  grid: TomogramGrid,
  detector: TileDetector,
  options: DetectOptions,
): Promise<Detected> {
  const { scale, minimumScore, notesPath, stage, keepFeatures = false, onPeaks, onProgress, signal } = options;
  const { cellVoxels } = detector;
  const tiles = planTiles(grid.shape, detector);
  const read = createRegionReader(grid, scale);
  await using notes = await openWorkNotes(notesPath, "line");
  const done = parseNotes(new TextDecoder().decode(await notes.read()));
  const features = keepFeatures ? createFeatureMap(grid.shape, detector) : undefined;
  await using featureNotes = features && (await openFeatureNotes(`${notesPath}.features`, features, tiles));
  // A tile whose features are not known has to be seen again.
  if (featureNotes) for (const index of done.keys()) if (!featureNotes.earlier.has(index)) done.delete(index);
  const resumedTiles = done.size;
  // In the order of tiles, whatever order they were done in: the same peaks give the same list.
  const peaksNow = () => tiles.flatMap(({ index }) => peaksOf(done.get(index)));
  let told = performance.now();
  for (const tile of tiles) {
    onProgress?.({ stage, done: done.size, total: tiles.length });
    if (done.has(tile.index)) continue;
    await breathe(signal);
    const volume = await read(tile.corner, tile.shape);
    const answer = volume.some((value) => value !== 0) ? await detector.detect(volume, tile.shape) : undefined;
    if (features && answer?.features) placeFeatures(features, tile, answer.features);
    await featureNotes?.note(tile);
    const note = noteOf(tile, answer ? tilePeaks(answer, tile, { cellVoxels, minimumScore }) : []);
    await notes.append(`${JSON.stringify(note)}\n`);
    done.set(tile.index, note);
    if (!onPeaks || performance.now() - told < TELLING_MILLISECONDS) continue;
    onPeaks(peaksNow());
    told = performance.now();
  }
  await detector.rest?.();
  onProgress?.({ stage, done: tiles.length, total: tiles.length });
  return { peaks: peaksNow(), features, tiles: tiles.length, resumedTiles };
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
