import { memorySource, type RandomAccessSource } from "../random-access.js";

/** The files of a Zarr store by their path from its root, with a leading slash. */
export interface ZarrStore {
  /** The bytes of a key; undefined where there are none. */
  get(key: `/${string}`): Promise<Uint8Array | undefined>;
  /** The same to be read in part, as shards are; without it they are read whole. */
  open?(key: `/${string}`): Promise<RandomAccessSource | undefined>;
}

/** A value of a store, of which any part can be read. */
export async function openKey(store: ZarrStore, key: `/${string}`): Promise<RandomAccessSource | undefined> {
  if (store.open) return store.open(key);
  const bytes = await store.get(key);
  return bytes && memorySource(bytes);
}
