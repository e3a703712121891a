/** Decoded chunks that are kept for the next block, which mostly needs the same ones. */

type LoadChunk<Chunk> = (coordinates: readonly number[]) => Promise<Chunk>;

/** `load` with the last `most` chunks kept, those that were not asked for longest given up first; what fails is not kept. */
export function keepChunks<Chunk>(load: LoadChunk<Chunk>, most: number): LoadChunk<Chunk> {
  if (most < 1) return load;
  /** In the order in which they were last asked for. */
  const kept = new Map<string, Promise<Chunk>>();
  return (coordinates) => {
    const key = coordinates.join();
    const chunk = kept.get(key) ?? load(coordinates);
    kept.delete(key);
    kept.set(key, chunk);
    chunk.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return chunk;
  };
}
