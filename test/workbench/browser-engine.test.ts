/** The engine as it is built for the page, in Node: over files in memory and ONNX Runtime in WebAssembly it finds what it finds natively. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../src/workbench/engine/index.js";
import { aliases, NODE_IN_BROWSER, ownAddresses } from "../../vite.site.config.js";
import { clickAndRun, differenceOf, TOLERANCE } from "./drive.js";
import type * as InMemory from "./engine-in-memory.js";
import { BUILD_MILLISECONDS } from "./program.js";
import { twoClasses } from "./small-tomograms.js";

const ROOT = join(import.meta.dirname, "../..");
const { bytes, clicks } = twoClasses();
/** Without the made-up complexes, whose 384 boxes take most of the time here; the page without a server is tried with them. */
const CLOSED = { closedSet: true } as const;
let folder: string;
let inMemory: typeof InMemory;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cosnet-in-memory-"));
  const runtime = pathToFileURL(join(ROOT, "node_modules/onnxruntime-web/dist/ort.node.min.mjs")).href;
  await build({
    ...{ configFile: false, logLevel: "error", publicDir: false },
    resolve: { alias: aliases(NODE_IN_BROWSER).filter(({ find }) => !find.test("onnxruntime-node")) },
    plugins: [
      ownAddresses(),
      {
        name: "runtime",
        enforce: "pre",
        resolveId: (name) => (name === "onnxruntime-node" ? { id: runtime, external: true } : undefined),
      },
    ],
    build: {
      ...{ outDir: folder, target: "es2023", minify: false, reportCompressedSize: false },
      lib: { entry: join(import.meta.dirname, "engine-in-memory.ts"), formats: ["es"], fileName: "engine" },
    },
  });
  inMemory = await import(/* @vite-ignore */ pathToFileURL(join(folder, "engine.js")).href);
}, BUILD_MILLISECONDS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("picks in memory and by WebAssembly are those of Node's files and processor", async () => {
  writeFileSync(join(folder, "tomogram.mrc"), bytes);
  const shared = { runtime: "test", isLocal: true };
  await using native = await openEngine({ ...shared, projectFolder: join(folder, "project"), openedFolders: [folder] });
  const expected = await clickAndRun(native, join(folder, "tomogram.mrc"), clicks, CLOSED);

  const { mkdir, mountFile, restoreFile } = inMemory;
  for (const path of ["/files", "/tmp", "/cosnet/models"]) await mkdir(path, { recursive: true });
  for (const name of ["package.json", "models/cosnet.onnx", "models/detector.onnx"])
    restoreFile(`/cosnet/${name}`, readFileSync(join(ROOT, name)), 0);
  const path = mountFile("/files", new File([bytes], "tomogram.mrc", { lastModified: 0 }));
  await using engine = await inMemory.openEngine({ ...shared, projectFolder: "/project", openedFolders: ["/files"] });
  const { run, results } = await clickAndRun(engine, path, clicks, CLOSED);

  expect([run.picks, run.candidates]).toEqual([expected.run.picks, expected.run.candidates]);
  const { positionVoxels, probability } = differenceOf(results, expected.results);
  expect(positionVoxels).toBeLessThan(TOLERANCE.positionVoxels);
  expect(probability).toBeLessThan(TOLERANCE.probability);
  expect(run.picks).toBeGreaterThan(4);
  const [file] = await engine.exportPicks(run.id, "relion5");
  expect(new TextDecoder().decode(file!.bytes)).toContain("_rlnCenteredCoordinateXAngst");
});
