// `node scripts/build.mjs FOLDER` compiles kernels and floors, builds the page and bundles the program as `npm run build` does, but into FOLDER/dist: a training may be
// running from the dist of the working tree.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = resolve(process.argv[2] ?? "");
if (process.argv.length !== 3) throw new Error("usage: node scripts/build.mjs FOLDER");
mkdirSync(folder, { recursive: true });
for (const name of ["kernels", "floors"])
  writeFileSync(
    join(folder, `tsconfig.${name}.json`),
    JSON.stringify({
      extends: join(ROOT, `tsconfig.${name}.json`),
      compilerOptions: {
        outDir: join(folder, "dist"),
        tsBuildInfoFile: join(folder, `dist/${name}.tsbuildinfo`),
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      references: name === "floors" ? [{ path: "./tsconfig.kernels.json" }] : [],
    }),
  );
const tsc = join(ROOT, "node_modules/@typescript/native/bin/tsc");
const vite = join(ROOT, "node_modules/vite/bin/vite.js");
const page = ["build", "--logLevel", "warn", "--outDir", join(folder, "dist/workbench/page")];
const program = ["build", "--logLevel", "warn", "--config", join(ROOT, "vite.program.config.ts")];
process.exitCode = run(tsc, ["-b", join(folder, "tsconfig.floors.json")]) || run(vite, page) || run(vite, program);

function run(script, args) {
  const env = { ...process.env, COSNET_DIST: join(folder, "dist") };
  return spawnSync(process.execPath, [script, ...args], { cwd: ROOT, env, stdio: "inherit" }).status ?? 1;
}
