/** The one place where files are read and written: clear errors, and nothing half-written ever under its final name. */
import { access, open, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ConfigError, FileError, FormatError, throwIfAborted } from "../../errors.js";
import {
  foreignCompression,
  isGzip,
  largestContent,
  type RandomAccessSource,
  tooLargeContent,
} from "../../io/index.js";
import { makeFolder, removedIfEmpty } from "./made-folders.js";
import { type FileProgress, piecesOfBytes, piecesOfText, readInPieces } from "./pieces.js";
import { removedAfterUse, temporaryPath } from "./temporary.js";

/** Node cannot read larger files at once; volumes beyond this are read piecewise. */
const LARGEST_FILE_BYTES = 2 ** 31;

/** Turns an error of the operating system into a sentence. */
export function fileError(path: string, doing: string, cause: unknown): FileError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file or folder",
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the disk is read-only",
    EISDIR: "this is a folder, not a file",
    ENOTDIR: "a part of the path is a file, not a folder",
    ENOSPC: "the disk is full",
    EEXIST: "there is a file of that name already",
    ENAMETOOLONG: "the name is too long",
    EDQUOT: "the disk quota is used up",
    EMFILE: "too many files are open",
  };
  const reason = (code && reasons[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  return new FileError(`cannot be ${doing}: ${reason}`, path, { cause });
}

/** For `catch`: throws what the operating system said as a sentence. */
export function failing(path: string, doing: string): (cause: unknown) => never {
  return (cause) => {
    throw fileError(path, doing, cause);
  };
}

/** How a file is read whole. */
interface ReadFileOptions extends FileProgress {
  readonly maximumBytes?: number;
}

/**
 * The bytes of a file, uncompressed when it is gzip-compressed.
 * @throws FileError when it is missing, a folder, forbidden or too large to read whole; FormatError when it is compressed
 * otherwise; AbortError.
 */
export async function readFileBytes(
  path: string,
  { maximumBytes = LARGEST_FILE_BYTES, ...progress }: ReadFileOptions = {},
): Promise<Uint8Array> {
  try {
    const information = await stat(path);
    const { size } = information;
    if (size > maximumBytes)
      throw new FileError(`has ${size} bytes; at most ${maximumBytes} can be read whole`, path, {
        hint: "Cut the file into smaller ones.",
      });
    const bytes = information.isFile() && size > 0 ? await readInPieces(path, size, progress) : await allOf(path);
    if (isGzip(bytes)) return await unzip(bytes, path, maximumBytes);
    const foreign = foreignCompression(bytes);
    if (foreign) throw foreignCompressionError(path, foreign);
    return bytes;
  } catch (cause) {
    if (cause instanceof Error && "tag" in cause) throw cause;
    throw fileError(path, "read", cause);
  }
}

/** Nothing that is read begins as these do. */
function foreignCompressionError(path: string, { program, unpack }: { program: string; unpack: string }): FormatError {
  const sheets = program === "zip" ? " A spreadsheet (XLSX) is such an archive: save it as CSV." : "";
  return new FormatError(`this is compressed by ${program}, which cosnet does not read`, path, {
    hint: `Unpack it (${unpack} ${path}), or compress it by gzip.${sheets}`,
  });
}

/** All that comes out of a pipe or a device, whose size nobody knows. */
async function allOf(path: string): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Node's own decompressor, because it works beside the main thread and checks the checksum; the one in io serves the browser. */
async function unzip(bytes: Uint8Array, path: string, maximumBytes: number): Promise<Uint8Array> {
  const limit = largestContent(bytes.byteLength, maximumBytes);
  try {
    const { buffer, byteOffset, byteLength } = await promisify(gunzip)(bytes, { maxOutputLength: limit });
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      const { reason, hint } = tooLargeContent(limit);
      throw new FileError(reason, path, { cause, hint });
    }
    throw new FormatError("the gzip data are corrupt or truncated", path, {
      cause,
      hint: "Copy or download the file again.",
    });
  }
}

/** A file open for reading anywhere; `await using` it, or `close` it. */
export interface OpenFile extends RandomAccessSource, AsyncDisposable {
  close(): Promise<void>;
}

/**
 * Opens a file that is read piece by piece.
 * @throws FileError when it is missing, a folder, a pipe or device, or forbidden.
 */
export async function openRandomAccess(path: string): Promise<OpenFile> {
  try {
    // Checked first: opening a pipe that nobody writes to would wait for ever.
    const information = await stat(path);
    if (information.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (!information.isFile())
      throw new FileError("cannot be read: this is a pipe or a device, not a file", path, {
        hint: "Save its content to a file first.",
      });
    const file = await open(path, "r");
    return {
      byteLength: information.size,
      async read(offset, length, into) {
        const bytes = into ? into.subarray(0, length) : new Uint8Array(length);
        // One call may return less than asked for, on network disks for instance.
        for (let done = 0; done < length; ) {
          const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0)
            throw new FileError(`ends at byte ${offset + done}, before the ${offset + length} that are needed`, path);
          done += bytesRead;
        }
        return bytes;
      },
      close: () => file.close(),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw fileError(path, "read", cause);
  }
}

export async function fileExists(path: string): Promise<boolean> {
  return access(path)
    .then(() => true)
    .catch(() => false);
}

/** @throws ConfigError when a job's result is there already and may not be replaced. */
export async function refuseToOverwrite(
  path: string,
  { overwrite = false }: { readonly overwrite?: boolean },
): Promise<void> {
  if (!overwrite && (await fileExists(path)))
    throw new ConfigError(`${path} is there already`, { hint: "Give another --output, or --overwrite." });
}

/** What a file holds: bytes, a text, or a long text in pieces that are made when they are asked for. */
export type FileContent = Uint8Array | string | Iterable<string>;

/**
 * Writes under a temporary name in the same folder and renames: the file is whole or not there, whatever happens.
 * @throws FileError when the folder is missing or forbidden, or the disk is full; AbortError; what making a piece throws.
 */
export async function writeFileAtomic(path: string, content: FileContent, progress: FileProgress = {}): Promise<void> {
  const temporary = await temporaryPath(path);
  await using _ = removedAfterUse(temporary);
  try {
    await writeFile(temporary, piecesOf(content, progress), { signal: progress.signal });
    await rename(temporary, path);
  } catch (cause) {
    throwIfAborted(progress.signal);
    throw cause instanceof Error && "code" in cause ? fileError(path, "written", cause) : cause;
  }
}

function piecesOf(content: FileContent, progress: FileProgress): Iterable<Uint8Array | string> {
  if (typeof content === "string") return piecesOfText(content);
  return content instanceof Uint8Array ? piecesOfBytes(content, progress) : content;
}

/**
 * Makes sure that a folder exists and can be written to, before any long work. Gives the first folder that had to be made. Folders
 * that are made and still empty when the process ends are removed.
 * @throws FileError when it cannot.
 */
export async function ensureWritableFolder(path: string): Promise<string | undefined> {
  try {
    const made = await makeFolder(path);
    removedIfEmpty(path, made);
    const probe = await temporaryPath(join(path, "probe"));
    await using _ = removedAfterUse(probe);
    await writeFile(probe, "");
    return made;
  } catch (cause) {
    throw fileError(path, "written to", cause);
  }
}

/** The last bytes of a text file, or of one that is not there "". @throws FileError when it cannot be read. */
export async function readFileEnd(path: string, byteLength: number): Promise<string> {
  if (!(await fileExists(path))) return "";
  await using file = await openRandomAccess(path);
  const offset = Math.max(0, file.byteLength - byteLength);
  return new TextDecoder().decode(await file.read(offset, file.byteLength - offset));
}
