/** The bytes that come with a request, no more of them and no slower than was agreed. */
import type { IncomingMessage } from "node:http";
import { refusal } from "./refusal.js";

interface Bounds {
  readonly largestBytes: number;
  /** Longest silence between two pieces. */
  readonly silenceMilliseconds: number;
  /** Longest time for all of it. */
  readonly milliseconds?: number;
}

/** Refuses before a byte is read what says that it is too long. @throws Refusal */
export function checkDeclaredLength({ headers }: IncomingMessage, largestBytes: number): void {
  if (Number(headers["content-length"] ?? 0) > largestBytes) throw tooLong(largestBytes);
}

/** The pieces as they come. @throws Refusal when there are too many bytes, or they come too slowly. */
export async function* bodyPieces(
  request: IncomingMessage,
  { largestBytes, silenceMilliseconds, milliseconds = Infinity }: Bounds,
): AsyncGenerator<Uint8Array> {
  checkDeclaredLength(request, largestBytes);
  const start = performance.now();
  const pieces = request.iterator({ destroyOnReturn: false });
  let byteLength = 0;
  for (;;) {
    const left = Math.min(silenceMilliseconds, milliseconds - (performance.now() - start));
    const { done, value } = await within(left, pieces.next());
    if (done) return;
    byteLength += (value as Buffer).byteLength;
    if (byteLength > largestBytes) throw tooLong(largestBytes);
    yield value as Buffer;
  }
}

/** All of it. @throws Refusal as `bodyPieces` */
export async function readBody(request: IncomingMessage, bounds: Bounds): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bodyPieces(request, bounds)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function tooLong(largestBytes: number) {
  return refusal(413, `at most ${largestBytes.toLocaleString("en-US")} bytes can be sent at once`);
}

async function within<T>(milliseconds: number, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refusal(408, "the request came too slowly")), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
    result.catch(() => {}); // whoever hangs up later has been refused already
  }
}
