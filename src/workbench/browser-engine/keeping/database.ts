/** The browser's database in which a visit leaves its files to the next. */
import type { FileLike } from "../../protocol/index.js";

export interface KeptFile {
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Changes that are made together or not at all. */
export interface FileChanges {
  readonly put: ReadonlyMap<string, KeptFile>;
  readonly remove: readonly string[];
}

export interface Database {
  /** By path. */
  files(): Promise<ReadonlyMap<string, KeptFile>>;
  changeFiles(changes: FileChanges): Promise<void>;
  /** Files of this computer that were opened, by path. */
  mounted(): Promise<ReadonlyMap<string, FileLike>>;
  keepMounted(path: string, file: FileLike): Promise<void>;
}

const NAME = "cosnet-workbench";
const [FILES, MOUNTED] = ["files", "mounted"] as const;

export async function openDatabase(): Promise<Database> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    for (const store of [FILES, MOUNTED]) opening.result.createObjectStore(store);
  };
  const database = await outcome(opening);

  const all = async <Value>(store: string): Promise<ReadonlyMap<string, Value>> => {
    const reading = database.transaction(store).objectStore(store);
    const [paths, values] = await Promise.all([outcome(reading.getAllKeys()), outcome(reading.getAll())]);
    return new Map(paths.map((path, index) => [String(path), values[index] as Value]));
  };
  const change = (name: string, work: (store: IDBObjectStore) => void): Promise<void> => {
    const transaction = database.transaction(name, "readwrite", { durability: "strict" });
    work(transaction.objectStore(name));
    return ended(transaction);
  };
  return {
    files: () => all<KeptFile>(FILES),
    changeFiles: ({ put, remove }) =>
      change(FILES, (store) => {
        for (const path of remove) store.delete(path);
        for (const [path, file] of put) store.put(file, path);
      }),
    mounted: () => all<FileLike>(MOUNTED),
    keepMounted: (path, file) => change(MOUNTED, (store) => store.put(file, path)),
  };
}

function outcome<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
