/** Pictures of particles, asked for in batches as they come into sight, and kept as long as there is room. */
import type { EngineClient, VoxelPosition } from "../../protocol/index.js";

export interface WantedThumbnail {
  readonly tomogramId: string;
  readonly position: VoxelPosition;
  readonly edgeVoxels: number;
  readonly thicknessVoxels: number;
}

export interface ThumbnailSource {
  /** Grey values `[3, edge, edge]`: across z, y and x. Who no longer needs it aborts the signal. */
  get(wanted: WantedThumbnail, signal: AbortSignal): Promise<Float32Array>;
  /** What is there already. */
  kept(wanted: WantedThumbnail): Float32Array | undefined;
}

interface Waiting {
  readonly wanted: WantedThumbnail;
  readonly signal: AbortSignal;
  resolve(values: Float32Array): void;
  reject(error: unknown): void;
}

const MOST_AT_ONCE = 24;
const MOST_KEPT_BYTES = 64e6;

export function createThumbnailSource(engine: () => Pick<EngineClient, "thumbnails">): ThumbnailSource {
  const cache = createCache();
  let queue: Waiting[] = [];
  let isAsking = false;

  const askNext = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) await ask(batch);
    isAsking = false;
  };
  /** What was asked for last is what is in sight. */
  const takeBatch = (): Waiting[] => {
    queue = queue.filter(({ signal }) => !signal.aborted);
    const last = queue.at(-1)?.wanted;
    if (!last) return [];
    const batch = queue.filter(({ wanted }) => isAlike(wanted, last)).slice(-MOST_AT_ONCE);
    queue = queue.filter((waiting) => !batch.includes(waiting));
    return batch;
  };
  const ask = async (batch: readonly Waiting[]): Promise<void> => {
    const { tomogramId, edgeVoxels, thicknessVoxels } = batch[0]!.wanted;
    const positions = batch.map(({ wanted }) => wanted.position);
    try {
      const { values } = await engine().thumbnails({ tomogramId, positions, edgeVoxels, thicknessVoxels });
      const length = values.length / batch.length;
      batch.forEach(({ wanted, resolve }, index) => {
        const own = values.slice(index * length, (index + 1) * length);
        cache.put(keyOf(wanted), own);
        resolve(own);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return {
    kept: (wanted) => cache.get(keyOf(wanted)),
    get(wanted, signal) {
      const kept = cache.get(keyOf(wanted));
      if (kept) return Promise.resolve(kept);
      return new Promise((resolve, reject) => {
        queue.push({ wanted, signal, resolve, reject });
        queueMicrotask(() => void askNext());
      });
    },
  };
}

function isAlike(a: WantedThumbnail, b: WantedThumbnail): boolean {
  return a.tomogramId === b.tomogramId && a.edgeVoxels === b.edgeVoxels && a.thicknessVoxels === b.thicknessVoxels;
}

function keyOf({ tomogramId, position: { x, y, z }, edgeVoxels, thicknessVoxels }: WantedThumbnail): string {
  return [tomogramId, x, y, z, edgeVoxels, thicknessVoxels].join(" ");
}

/** What was not used for longest goes first. */
function createCache() {
  const kept = new Map<string, Float32Array>();
  let bytes = 0;
  return {
    get(key: string): Float32Array | undefined {
      const values = kept.get(key);
      if (!values) return undefined;
      kept.delete(key);
      kept.set(key, values);
      return values;
    },
    put(key: string, values: Float32Array): void {
      bytes += values.byteLength - (kept.get(key)?.byteLength ?? 0);
      kept.set(key, values);
      for (const [oldest, { byteLength }] of kept) {
        if (bytes <= MOST_KEPT_BYTES) return;
        kept.delete(oldest);
        bytes -= byteLength;
      }
    },
  };
}
