/** One file from a server: resumed where it was interrupted, tried again after passing failures, never left half-written. */
import { setTimeout } from "node:timers/promises";
import { FileError, throwIfAborted } from "../../errors.js";
import type { PartialFile } from "../../files/disk/index.js";

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
 * Downloads `url` to `partial`, continuing what is there when the server still has the same file (by its ETag or date, its
 * note). Returns the whole content; the caller discards `partial` afterwards.
 * @throws NotOnServer for 404 and 410; FileError when the server cannot be reached or keeps failing; AbortError.
 */
export async function download(url: string, partial: PartialFile, options: DownloadOptions = {}): Promise<Uint8Array> {
  const { retries = 3, retryDelayMilliseconds = 500, signal } = options;
  for (let attempt = 0; ; attempt++) {
    throwIfAborted(signal);
    try {
      return await attemptDownload(url, partial, options);
    } catch (cause) {
      throwIfAborted(signal);
      if (!(cause instanceof Passing)) throw cause;
      if (attempt >= retries) throw unreachable(url, cause);
      await setTimeout(retryDelayMilliseconds * 2 ** attempt, undefined, { signal }).catch(() => {}); // seen above
    }
  }
}

async function attemptDownload(url: string, partial: PartialFile, options: DownloadOptions): Promise<Uint8Array> {
  const { signal, stallMilliseconds = 30_000, onBytes } = options;
  const present = await partial.present();
  using stall = stallTimer(stallMilliseconds);
  try {
    const response = await fetch(url, {
      headers: present.note ? { range: `bytes=${present.byteLength}-`, "if-range": present.note } : {},
      signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
    });
    stall.restart();
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      if (response.status === 416) await partial.discard(); // what we have is not the beginning of what is there
      throw refusal(response, url);
    }
    const from = response.status === 206 ? present.byteLength : 0;
    const length = response.headers.get("content-length");
    const total = length === null ? undefined : from + Number(length);
    if (from === 0) await partial.begin(validatorOf(response));
    let received = from;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      stall.restart();
      await partial.append(chunk);
      received += chunk.byteLength;
      onBytes?.(received, total);
    }
    if (total !== undefined && received !== total) throw new Passing(`only ${received} of ${total} bytes came`);
    return await partial.read();
  } catch (cause) {
    if (cause instanceof FileError || cause instanceof NotOnServer || cause instanceof Passing) throw cause;
    throw new Passing(stall.signal.aborted ? "no answer in time" : reasonOf(cause), { cause });
  }
}

/** Aborts its signal when it is not restarted for that long. */
function stallTimer(milliseconds: number) {
  const stalled = new AbortController();
  const timer = globalThis.setTimeout(() => stalled.abort(), milliseconds);
  return { signal: stalled.signal, restart: () => void timer.refresh(), [Symbol.dispose]: () => clearTimeout(timer) };
}

function refusal({ status, statusText }: Response, url: string): Error {
  if (status === 404 || status === 410) return new NotOnServer(url);
  if (status >= 500 || [408, 416, 429].includes(status)) return new Passing(`the server answered ${status}`);
  return new FileError(`the server refused: ${status} ${statusText}`.trim(), url);
}

/** What tells whether the server has the same file later on; "" where nothing does, as a weak ETag. */
function validatorOf({ headers }: Response): string {
  const stated = headers.get("etag") ?? headers.get("last-modified") ?? "";
  return stated.startsWith("W/") ? "" : stated;
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
    hint: "Check the network or name another server with --mirror URL; files from elsewhere can simply be put into the folder.",
  });
}
