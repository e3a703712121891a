import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { ensureWritableFolder, writeFileAtomic } from "./disk.js";

/** Plain data with typed arrays, kept in a folder under names, together with what they depend on. */
export interface KeptStates {
  /** What was kept under a name; undefined for none, or one that depends on other things. */
  load<T>(name: string): Promise<T | undefined>;
  /** @throws FileError */
  save(name: string, state: object): Promise<void>;
}

/**
 * States of a long job between its steps. They are of this version of Node and of these settings: others count as missing.
 * @throws FileError when the folder cannot be made or written to.
 */
export async function openKeptStates(folder: string, settings: object): Promise<KeptStates> {
  await ensureWritableFolder(folder);
  const key = JSON.stringify({ settings, node: process.versions.v8 });
  const pathOf = (name: string) => join(folder, `${name}.state`);
  return {
    async load<T>(name: string) {
      try {
        const kept = deserialize(await readFile(pathOf(name))) as { readonly key?: string; readonly state?: T };
        return kept.key === key ? kept.state : undefined;
      } catch {
        return undefined; // missing or damaged
      }
    },
    save: (name, state) => writeFileAtomic(pathOf(name), serialize({ key, state })),
  };
}
