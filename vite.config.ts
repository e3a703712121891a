import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** The page of the workbench, which the local server serves: `vite build` puts it beside the compiled floors. */
export default defineConfig({
  root: "src/workbench/page",
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../../dist/workbench/page",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy knows no data: of scripts and styles
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [compressed()],
});

/** Writes FILE.br beside each text, so that the server compresses nothing while it serves. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "." }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" }))
        if (/\.(js|css|html|svg)$/.test(name))
          writeFileSync(join(dir, `${name}.br`), brotliCompressSync(readFileSync(join(dir, name))));
    },
  };
}
