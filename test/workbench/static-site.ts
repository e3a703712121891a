/** The workbench as a site of static files, served by the simplest of servers. */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export interface StaticSite extends Disposable {
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** What a server says so that pages may share memory between threads. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
} as const;

/** Serves the working tree's site: as `npm test` has built it, or built into a folder of its own. */
export async function serveSite({ isIsolated = true } = {}): Promise<StaticSite> {
  const built = process.env.COSNET_BUILT;
  const folder = built ? join(built, "site") : await buildSite();
  const requests: string[] = [];
  const server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://site");
    requests.push(pathname);
    const file = join(folder, pathname === "/" ? "index.html" : pathname);
    try {
      const body = await readFile(file);
      const type = MEDIA_TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, ...(isIsolated && ISOLATION) }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    [Symbol.dispose]() {
      server.close();
      server.closeAllConnections();
      if (!built) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function buildSite(): Promise<string> {
  const { build } = await import("vite");
  const outDir = mkdtempSync(join(tmpdir(), "cosnet-site-"));
  await build({
    ...{ configFile: join(ROOT, "vite.site.config.ts"), logLevel: "error" },
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}
