/** One file from a server: resumed where it broke off, tried again after passing failures, never half there. */
import { open, readFile, rm, stat } from "node:fs/promises";
import { FileError } from "../../errors.js";
import { fileError, writeFileAtomic } from "../../files/disk/index.js";
import { throwIfAborted } from "../../progress.js";

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Attempts after the first. */
  readonly retries?: number;
  /** Before the first retry; doubles each time. */
  readonly retryDelayMilliseconds?: number;
  /** Without a byte for this long an attempt has failed. */
  readonly stallMilliseconds?: number;
  readonly onBytes?: (received: number, total: number | undefined) => void;
}

/** The server said that there is no such file. */
export class NotOnServer extends Error {}

/** A failure that another attempt may not meet. */
class Passing extends Error {}

/**
 * Downloads `url` to `partial`, continuing what is there when the server still has the same file (by its ETag or date, kept
 * beside it). Returns the whole content; removing `partial` afterwards is the caller's, see `discardPartial`.
 * @throws NotOnServer for 404 and 410; FileError when the server cannot be reached or keeps failing; AbortError.
 */
export async function download(url: string, partial: string, options: DownloadOptions = {}): Promise<Uint8Array> {
  const { retries = 3, retryDelayMilliseconds = 500, signal } = options;
  for (let attempt = 0; ; attempt++) {
    throwIfAborted(signal);
    try {
      return await attemptDownload(url, partial, options);
    } catch (cause) {
      throwIfAborted(signal);
      if (!(cause instanceof Passing)) throw cause;
      if (attempt >= retries) throw unreachable(url, cause);
      await pause(retryDelayMilliseconds * 2 ** attempt, signal);
    }
  }
}

export async function discardPartial(partial: string): Promise<void> {
  await rm(partial, { force: true });
  await rm(validatorFile(partial), { force: true });
}

function validatorFile(partial: string): string {
  return `${partial}.etag`;
}

async function attemptDownload(url: string, partial: string, options: DownloadOptions): Promise<Uint8Array> {
  const { signal, stallMilliseconds = 30_000, onBytes } = options;
  const present = await stat(partial).then(
    ({ size }) => size,
    () => 0,
  );
  const validator = present > 0 ? await readFile(validatorFile(partial), "utf8").catch(() => "") : "";
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), stallMilliseconds);
  const stillAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), stallMilliseconds);
  };
  try {
    const response = await fetch(url, {
      headers: validator ? { range: `bytes=${present}-`, "if-range": validator } : {},
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    stillAlive();
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel();
      throw new NotOnServer(url);
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      if (response.status === 416) await discardPartial(partial); // what we have is no beginning of what is there
      if (response.status >= 500 || [408, 416, 429].includes(response.status))
        throw new Passing(`the server answered ${response.status}`);
      throw new FileError(`the server refused: ${response.status} ${response.statusText}`.trim(), url);
    }
    const from = response.status === 206 ? present : 0;
    const length = response.headers.get("content-length");
    const total = length === null ? undefined : from + Number(length);
    const stated = response.headers.get("etag") ?? response.headers.get("last-modified") ?? "";
    if (from === 0) {
      await discardPartial(partial);
      // a weak ETag cannot be resumed from
      if (stated !== "" && !stated.startsWith("W/")) await writeFileAtomic(validatorFile(partial), stated);
    }
    const file = await open(partial, from === 0 ? "w" : "a").catch((cause) => {
      throw fileError(partial, "written", cause);
    });
    let received = from;
    try {
      for await (const chunk of response.body ?? []) {
        stillAlive();
        await file.write(chunk as Uint8Array);
        received += (chunk as Uint8Array).byteLength;
        onBytes?.(received, total);
      }
    } finally {
      await file.close();
    }
    if (total !== undefined && received !== total) throw new Passing(`only ${received} of ${total} bytes came`);
    return new Uint8Array(await readFile(partial));
  } catch (cause) {
    if (cause instanceof FileError || cause instanceof NotOnServer || cause instanceof Passing) throw cause;
    throw new Passing(stalled.signal.aborted ? "no answer in time" : reasonOf(cause), { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** What lies beneath "fetch failed". */
function reasonOf(error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOTFOUND: "its name is not known (is there a network?)",
    EAI_AGAIN: "its name cannot be looked up (is there a network?)",
    ECONNREFUSED: "it refuses connections",
    ECONNRESET: "the connection broke off",
    UND_ERR_SOCKET: "the connection broke off",
    ETIMEDOUT: "no answer in time",
    UND_ERR_CONNECT_TIMEOUT: "no answer in time",
  };
  return (code && reasons[code]) ?? message ?? String(error);
}

function unreachable(url: string, cause: Error): FileError {
  return new FileError(`cannot be downloaded: ${cause.message}`, url, {
    cause,
    hint: "Check the network or name another server with --mirror URL; files got elsewhere can simply be put into the folder.",
  });
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
