import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";

/** What each floor may import, besides what belongs to all; always through an index (see `isDoor`). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  wasm: [],
  volume: ["wasm"],
  graph: [],
  io: ["volume"],
  simulate: ["volume", "wasm"],
  evaluate: ["volume"],
  model: ["graph"],
  runtime: ["graph"],
  train: ["volume", "graph", "model", "runtime", "simulate", "evaluate"],
  infer: ["volume", "wasm", "model", "runtime", "evaluate"],
  report: ["volume", "evaluate"],
  files: ["volume", "graph", "io", "simulate", "model", "runtime", "train", "infer"],
  jobs: ["files", "volume", "graph", "io", "simulate", "model", "runtime", "train", "infer", "evaluate", "report"],
  workbench: ["jobs", "files", "volume", "io", "model", "runtime", "infer", "evaluate", "report", "simulate"],
  cli: ["workbench", "jobs", "files"],
};
const OF_ALL: ReadonlySet<string> = new Set(["errors.js", "progress.js", "count-text.js", "plain-name.js"]);
/** Floors whose folders are rooms with doors of their own: `jobs/pick/index.ts`, not `jobs/index.ts`. */
const FLOORS_OF_ROOMS: ReadonlySet<string> = new Set(["jobs", "files", "workbench"]);
/** What the rooms of the workbench may import of each other. The page knows the protocol, and nothing else of the house. */
const WORKBENCH_ROOMS: Record<string, readonly string[]> = {
  protocol: [],
  page: ["protocol"],
  engine: ["protocol"],
  server: ["protocol", "engine"],
  "browser-engine": ["protocol", "engine"],
};
const MOST_FILES_IN_A_FOLDER = 20;

const SRC = join(import.meta.dirname, "..", "src");
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  .map((file) => file.split(sep).join("/"));

interface Import {
  readonly file: string;
  readonly target: string;
}

/** Imports of files in `src` from others, by path from `src`. */
function importsOf(file: string): Import[] {
  const source = readFileSync(join(SRC, file), "utf8");
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path = ""]) => ({
    file,
    target: relative(SRC, join(SRC, dirname(file), path))
      .split(sep)
      .join("/"),
  }));
}

/** The part of the house a file belongs to: a floor, or a room where a floor has rooms. */
function placeOf(file: string): string {
  const [floor = "", room] = file.split("/");
  return FLOORS_OF_ROOMS.has(floor) ? `${floor}/${room}` : floor;
}

const floorOf = (file: string): string => file.split("/")[0] ?? "";
// src/index.ts and src/node.ts may import anything, what belongs to all nothing
const crossings = sources
  .filter((file) => file.includes("/"))
  .flatMap(importsOf)
  .filter(({ file, target }) => placeOf(file) !== placeOf(target))
  .filter(({ target }) => !OF_ALL.has(target) && !target.startsWith("../")); // package.json and the like are of no floor

test("imports flow one way", () => {
  const violations = crossings
    .filter(({ file, target }) => floorOf(file) !== floorOf(target))
    .filter(({ file, target }) => !MAY_IMPORT[floorOf(file)]?.includes(floorOf(target)));
  expect(violations).toEqual([]);
});

test("floors and rooms are entered through their index", () => {
  const violations = crossings.filter(({ target }) => target !== `${placeOf(target)}/index.js`);
  expect(violations).toEqual([]);
});

test("the rooms of the workbench know each other as they should", () => {
  const roomOf = (file: string) => file.split("/")[1] ?? "";
  const violations = crossings
    .filter(({ file }) => floorOf(file) === "workbench")
    .filter(({ file, target }) =>
      floorOf(target) === "workbench"
        ? !WORKBENCH_ROOMS[roomOf(file)]?.includes(roomOf(target))
        : ["page", "protocol"].includes(roomOf(file)),
    );
  expect(violations).toEqual([]);
});

test("only src/files touches the disk", () => {
  const offenders = sources
    .filter((file) => !file.startsWith("files/"))
    .filter((file) => /^[^*\n]*from "node:(fs|fs\/promises)"/m.test(readFileSync(join(SRC, file), "utf8")));
  expect(offenders).toEqual([]);
});

test("nothing below files knows Node", () => {
  const offenders = sources
    .filter((file) => !/^(files|jobs|cli|workbench\/(engine|server|browser-engine))\//.test(file))
    .filter((file) => /^[^*\n]*from "node:/m.test(readFileSync(join(SRC, file), "utf8")));
  expect(offenders).toEqual([]);
});

test(`no folder holds more than ${MOST_FILES_IN_A_FOLDER} files`, () => {
  const counts = new Map<string, number>();
  for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > MOST_FILES_IN_A_FOLDER)).toEqual([]);
});
