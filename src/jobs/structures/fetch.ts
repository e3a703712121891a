import { createHash } from "node:crypto";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ConfigError, FileError, throwIfAborted } from "../../errors.js";
import {
  ensureWritableFolder,
  fileExists,
  openRandomAccess,
  type PartialFile,
  partialFile,
  readJson,
  writeFileAtomic,
} from "../../files/disk/index.js";
import { readStructure } from "../../io/index.js";
import type { Progress } from "../../progress.js";
import { type DownloadOptions, download, NotOnServer } from "./download.js";
import { STRUCTURE_SETS } from "./sets.js";

/** Where entries are downloaded from, tried in this order; `{ID}` and `{id}` stand for the entry, `{mid}` for its middle letters. */
const SERVERS = [
  "https://files.rcsb.org/download/{ID}.cif.gz",
  "https://files.wwpdb.org/pub/pdb/data/structures/divided/mmCIF/{mid}/{id}.cif.gz",
] as const;

export interface FetchStructuresOptions extends Progress, Pick<DownloadOptions, "retries" | "retryDelayMilliseconds"> {
  /** PDB ids such as "4V4Q", and names of sets such as "cosnet22". */
  readonly entries: readonly string[];
  readonly outputFolder: string;
  /** A server instead of the wwPDB's: an address with `{ID}` or `{id}` in it, or a folder of `ID.cif.gz` files. */
  readonly mirror?: string | undefined;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** A downloaded structure. */
export interface FetchedStructure {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
  readonly byteLength: number;
  /** "cached": it was there already, with the checksum noted at its download. */
  readonly status: "downloaded" | "cached";
}

/** What `fetchStructures` downloaded. */
export interface FetchStructuresResult {
  readonly folder: string;
  readonly structures: readonly FetchedStructure[];
}

interface Noted {
  readonly sha256: string;
  readonly byteLength: number;
  readonly url: string;
}

/**
 * Downloads entries of the Protein Data Bank as gzip-compressed mmCIF, `4V4Q.cif.gz`, with their checksums in
 * `checksums.json`. What is there already with the right checksum is not fetched again; an interrupted download
 * continues where it was; a file counts only once it has been unpacked and read as the structure it should be.
 * @throws ConfigError for names that are not entries and entries that no server has, FileError when no server can be
 * reached, FormatError for damaged content, AbortError.
 */
export async function fetchStructures(options: FetchStructuresOptions): Promise<FetchStructuresResult> {
  const { outputFolder, onProgress, signal } = options;
  const ids = expandEntries(options.entries);
  await ensureWritableFolder(outputFolder);
  const notesFile = join(outputFolder, "checksums.json");
  // A damaged note costs a download, no more.
  const notes = ((await readJson(notesFile)) ?? {}) as Record<string, Noted>;
  const structures: FetchedStructure[] = [];
  for (const [done, id] of ids.entries()) {
    throwIfAborted(signal);
    onProgress?.({ stage: "fetching structures", done, total: ids.length, note: id });
    const path = join(outputFolder, `${id}.cif.gz`);
    const cached = await checkCached(path, id, notes, options);
    if (cached) {
      structures.push(cached);
      continue;
    }
    const partial = partialFile(join(outputFolder, `.${id}.cif.gz.part`));
    const { bytes, url } = await fetchEntry(id, partial, options);
    await writeFileAtomic(path, bytes);
    await partial.discard();
    const sha256 = checksum(bytes);
    notes[id] = { sha256, byteLength: bytes.byteLength, url };
    await writeFileAtomic(notesFile, `${JSON.stringify(sorted(notes), null, 2)}\n`);
    structures.push({ id, path, sha256, byteLength: bytes.byteLength, status: "downloaded" });
  }
  onProgress?.({ stage: "fetching structures", done: ids.length, total: ids.length });
  return { folder: outputFolder, structures };
}

/** The PDB ids of entries and sets, each once. @throws ConfigError for what is neither. */
export function expandEntries(entries: readonly string[]): string[] {
  const ids = entries.flatMap((entry) => {
    const set = STRUCTURE_SETS[entry.toLowerCase()];
    if (set) return set.map(({ id }) => id);
    if (/^[1-9][A-Za-z0-9]{3}$/.test(entry)) return [entry.toUpperCase()];
    throw new ConfigError(`"${entry}" is neither a PDB entry nor a set of them`, {
      hint: `Give ids such as 4V4Q, or ${Object.keys(STRUCTURE_SETS).join(", ")}.`,
    });
  });
  if (ids.length === 0) throw new ConfigError("no entry to fetch", { hint: "Give PDB ids such as 4V4Q." });
  return [...new Set(ids)];
}

async function checkCached(
  path: string,
  id: string,
  notes: Readonly<Record<string, Noted>>,
  { onWarning }: FetchStructuresOptions,
): Promise<FetchedStructure | undefined> {
  if (!(await fileExists(path))) return undefined;
  await using file = await openRandomAccess(path);
  const bytes = await file.read(0, file.byteLength);
  const sha256 = checksum(bytes);
  const noted = notes[id];
  if (noted?.sha256 === sha256) return { id, path, sha256, byteLength: bytes.byteLength, status: "cached" };
  onWarning?.(`${path}: ${noted ? "changed since it was downloaded" : "of unknown origin"}; it is fetched again`);
  return undefined;
}

async function fetchEntry(id: string, partial: PartialFile, options: FetchStructuresOptions) {
  const servers = options.mirror === undefined ? SERVERS : [mirrorPattern(options.mirror)];
  let failure: unknown;
  for (const server of servers) {
    const url = server
      .replaceAll("{ID}", id)
      .replaceAll("{id}", id.toLowerCase())
      .replaceAll("{mid}", id.slice(1, 3).toLowerCase());
    try {
      const bytes = await download(url, partial, options);
      checkContent(bytes, id, url);
      return { bytes, url };
    } catch (error) {
      throwIfAborted(options.signal);
      if (!(error instanceof FileError)) await partial.discard(); // another server's bytes need not fit
      failure = error;
    }
  }
  if (failure instanceof NotOnServer)
    throw new ConfigError(
      `${id}: there is no such entry on ${servers.map((server) => new URL(server).host).join(", ")}`,
      {
        hint: "Check the id; obsolete entries have been replaced by others.",
        cause: failure,
      },
    );
  throw failure;
}

/** The address of a server with `{ID}` in it. @throws ConfigError when it is not a web address. */
function mirrorPattern(mirror: string): string {
  const pattern = /\{(ID|id)\}/.test(mirror) ? mirror : `${mirror.replace(/\/$/, "")}/{ID}.cif.gz`;
  const { protocol } = URL.canParse(pattern) ? new URL(pattern) : { protocol: "" };
  if (protocol !== "http:" && protocol !== "https:")
    throw new ConfigError(`${mirror} is not a web address`, { hint: "Give one such as https://server/folder." });
  return pattern;
}

/** @throws FormatError when the bytes are not a readable structure of that id. */
function checkContent(bytes: Uint8Array, id: string, url: string): void {
  const { buffer, byteOffset, byteLength } = unpacked(bytes, url);
  const text = new Uint8Array(buffer, byteOffset, byteLength);
  const head = new TextDecoder().decode(text.subarray(0, 4096));
  if (!new RegExp(`^data_${id}\\b`, "im").test(head))
    throw new FileError(`is not the entry ${id}`, url, { hint: "Name another server with --mirror URL." });
  readStructure(text, { name: url });
}

function unpacked(bytes: Uint8Array, url: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new FileError("the download is damaged: its gzip data cannot be unpacked", url, {
      cause,
      hint: "Run the command again.",
    });
  }
}

function sorted(notes: Readonly<Record<string, Noted>>): Record<string, Noted> {
  return Object.fromEntries(Object.entries(notes).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function checksum(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
