/**
 * The command line in few files: `vite build --config vite.program.config.ts` makes dist/program/ of the compiled modules in dist/. A
 * command needs 500 to 700 of those, and loading them takes longer than many a command itself; here it loads some tens of chunks,
 * which hold no more than what is used.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { defineConfig, type Plugin, type UserConfig } from "vite";

/** Where the compiled modules are, in a folder of the package: `scripts/build.mjs` has one of its own. */
const DIST = process.env.COSNET_DIST ?? join(import.meta.dirname, "dist");
const PROGRAM = join(DIST, "program");
const MAIN = join(DIST, "cli/main.js");
/** How modules name files: those that threads and processes are started with, models, the page. */
const OWN_ADDRESS = /new URL\("([^"]+)", import\.meta\.url\)/g;

/** The program, and every module that another starts a thread or a process with: by name, the path of the module. */
function entryModules(): Record<string, string> {
  if (!existsSync(DIST)) return { cosnet: MAIN }; // not compiled yet: the check of unused code reads this file before that
  const modules = readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && !/^(node_modules|program|site|workbench.page)\b/.test(name))
    .map((name) => join(DIST, name));
  const named = modules.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(OWN_ADDRESS)].map(([, address]) => resolve(dirname(path), address!)),
  );
  const started = [...new Set(named)].filter((path) => path.endsWith(".js") && path !== MAIN && existsSync(path));
  const entries = Object.fromEntries([["cosnet", MAIN], ...started.map((path) => [basename(path, ".js"), path])]);
  if (Object.keys(entries).length !== started.length + 1) throw new Error(`two of a name: ${started.join(", ")}`);
  return entries;
}

/** In a chunk, a module's address of a file leads to the entry that was made of it, or to the file where it is. */
function movedAddresses(entries: Readonly<Record<string, string>>): Plugin {
  const names = new Map(Object.entries(entries).map(([name, path]) => [path, `./${name}.js`]));
  return {
    name: "moved-addresses",
    transform: (code, id) =>
      code.replace(OWN_ADDRESS, (_, address: string) => {
        const path = resolve(dirname(id), address);
        const moved = names.get(path) ?? relative(PROGRAM, path).split(sep).join("/");
        return `new URL("${moved}${address.endsWith("/") ? "/" : ""}", import.meta.url)`;
      }),
  };
}

const entries = entryModules();

export default defineConfig({
  root: DIST,
  publicDir: false,
  plugins: [movedAddresses(entries)],
  build: {
    ssr: true,
    outDir: PROGRAM,
    emptyOutDir: true,
    target: "node20",
    reportCompressedSize: false,
    rolldownOptions: {
      input: entries,
      external: (id) => !id.startsWith(".") && !isAbsolute(id), // Node's modules, and packages, which are installed beside it
      // A module that is loaded does nothing but what its own exports need, those aside that are started.
      treeshake: { moduleSideEffects: Object.values(entries) },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", comments: false },
    },
  },
} satisfies UserConfig);
