/** The workbench as a site of static files, in which everything is computed in the page: `npm run build:site`. */
import { relative, sep } from "node:path";
import { type Alias, defineConfig, type Plugin, type UserConfig } from "vite";

const ROOT = import.meta.dirname;
const own = (path: string) => `${ROOT}/src/workbench/browser-engine/${path}`;

/** What `jobs/` and `files/` import of Node, and what stands in its place. */
export const NODE_IN_BROWSER = {
  "node:child_process": own("node/threads.ts"),
  "node:crypto": own("node/crypto.ts"),
  "node:events": own("node/threads.ts"),
  "node:fs": own("node/file-system.ts"),
  "node:fs/promises": own("node/file-system-promises.ts"),
  "node:os": own("node/os.ts"),
  "node:path": "pathe",
  "node:timers/promises": own("node/timers-promises.ts"),
  "node:url": own("node/url.ts"),
  "node:util": own("node/util.ts"),
  "node:v8": own("node/v8.ts"),
  "node:worker_threads": own("node/threads.ts"),
  "node:zlib": own("node/zlib.ts"),
  "onnxruntime-node": own("runtime/onnx-runtime.ts"),
} as const;

/** Whole names only: "node:fs" is not the beginning of "node:fs/promises". */
export function aliases(table: Readonly<Record<string, string>>): (Alias & { readonly find: RegExp })[] {
  return Object.entries(table).map(([name, replacement]) => ({ find: new RegExp(`^${name}$`), replacement }));
}

/**
 * Modules of jobs and files find the package's files, and see that they are not compiled for Node, by their own address: they get
 * one in the tree of files in memory.
 */
export function ownAddresses(): Plugin {
  return {
    name: "own-addresses",
    enforce: "pre",
    transform(code, id) {
      const path = relative(ROOT, id).split(sep).join("/");
      if (!/^src\/(?!workbench\/(browser-engine|page)\/)/.test(path) || !code.includes("import.meta")) return undefined;
      return code
        .replaceAll("import.meta.url", JSON.stringify(`file:///cosnet/${path}`))
        .replaceAll("import.meta.resolve", "undefined");
    },
  };
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The page's index.html, with the worker's client in place of the server's. */
function sitePage(): Plugin {
  return {
    name: "site-page",
    transformIndexHtml: {
      order: "pre",
      handler: (html) => ({
        html: html.replace("./main.tsx", "./site.ts"),
        tags: [
          {
            tag: "meta",
            attrs: { "http-equiv": "Content-Security-Policy", content: CONTENT_SECURITY_POLICY },
            injectTo: "head-prepend",
          },
        ],
      }),
    },
  };
}

export default defineConfig({
  root: "src/workbench/page",
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: {
    alias: aliases(NODE_IN_BROWSER),
    conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"],
  },
  build: {
    outDir: "../../../dist/site",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: "es", plugins: () => [ownAddresses()] },
  plugins: [sitePage()],
} satisfies UserConfig);
