/** The page's own files, read once when the server starts: a path that is not among them is nothing on the disk either. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { FileError } from "../../errors.js";
import { readFolder } from "../../files/disk/index.js";
import { answer } from "./answer.js";

interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly brotli: Uint8Array | undefined;
  readonly tag: string;
  readonly caching: string;
}

/** By path as a browser asks for it: "/", "/assets/index-D4x.js". */
export type PageFiles = ReadonlyMap<string, PageFile>;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
};

/** @throws FileError when the page has not been built. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = await readFolder(folder);
  if (!files.has("index.html"))
    throw new FileError("the page of the workbench is not there", folder, { hint: "Run npm run build." });
  const table = new Map<string, PageFile>();
  for (const [name, bytes] of files) {
    const type = MEDIA_TYPES[extname(name)];
    if (type === undefined) continue; // FILE.br beside FILE
    table.set(name === "index.html" ? "/" : `/${name}`, {
      ...{ type, bytes, brotli: files.get(`${name}.br`) },
      tag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
      // names in assets/ hold a sum of what is in them
      caching: name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
  }
  return table;
}

export function answerPageFile(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const { type, bytes, brotli, tag, caching } = file;
  const headers = { "Cache-Control": caching, ETag: tag, Vary: "Accept-Encoding" };
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304, headers).end();
    return;
  }
  const takesBrotli = /\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (brotli && takesBrotli) answer(response, 200, type, brotli, { ...headers, "Content-Encoding": "br" });
  else answer(response, 200, type, bytes, headers);
}
