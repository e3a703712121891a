/** What the detector saw in each tile, kept on disk, so that a run that was stopped need not look again. */
import { openWorkNotes } from "../../files/disk/index.js";
import { type FeatureMap, restoreFeatures, type Tile, tileFeatureCount, tileFeatures } from "../../infer/index.js";

export interface FeatureNotes extends AsyncDisposable {
  /** Tiles whose features an earlier run had noted; they are in the map. */
  readonly earlier: ReadonlySet<number>;
  /** Notes the features of a tile as the map has them. @throws FileError */
  note(tile: Tile): Promise<void>;
}

/** Opens notes, and puts what they hold into the map. @throws FileError */
export async function openFeatureNotes(path: string, map: FeatureMap, tiles: readonly Tile[]): Promise<FeatureNotes> {
  // Records are of one length: that of the tile that has most.
  const count = 1 + tiles.reduce((most, tile) => Math.max(most, tileFeatureCount(map, tile)), 0);
  const notes = await openWorkNotes(path, 4 * count);
  const earlier = new Set<number>();
  const bytes = await notes.read();
  const records = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  for (let start = 0; start < records.length; start += count) {
    const tile = tiles[records[start]!];
    if (!tile) continue;
    restoreFeatures(map, tile, records.subarray(start + 1, start + count));
    earlier.add(tile.index);
  }
  return {
    earlier,
    async note(tile) {
      const record = new Float32Array(count);
      record[0] = tile.index;
      record.set(tileFeatures(map, tile), 1);
      await notes.append(new Uint8Array(record.buffer));
    },
    [Symbol.asyncDispose]: () => notes[Symbol.asyncDispose](),
  };
}
