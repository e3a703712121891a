import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";

/** What each layer may import, besides `errors`; always through the layer's index. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  volume: [],
  graph: [],
  io: ["volume"],
  simulate: ["volume"],
  evaluate: ["volume"],
  model: ["graph"],
  runtime: ["graph"],
  train: ["volume", "graph", "model", "runtime", "simulate", "evaluate"],
  infer: ["volume", "model", "runtime"],
  report: ["volume", "evaluate"],
  workflow: ["volume", "graph", "io", "simulate", "model", "runtime", "train", "infer", "evaluate", "report"],
  cli: ["workflow"],
};

const SRC = join(import.meta.dirname, "..", "src");

function* crossLayerImports() {
  for (const file of readdirSync(SRC, { recursive: true, encoding: "utf8" })) {
    const [layer, inside] = file.split(sep);
    if (!file.endsWith(".ts") || inside === undefined) continue; // src/index.ts and src/node.ts may import anything
    const source = readFileSync(join(SRC, file), "utf8");
    for (const [, path] of source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const target = relative(SRC, join(SRC, dirname(file), path!))
        .split(sep)
        .join("/");
      if (!target.startsWith(`${layer}/`) && target !== "errors.js") yield { file, layer: layer!, target };
    }
  }
}

test("imports flow one way, through each layer's index", () => {
  const violations = [...crossLayerImports()]
    .filter(({ layer, target }) => !MAY_IMPORT[layer]?.some((allowed) => target === `${allowed}/index.js`))
    .map(({ file, target }) => `${file} -> ${target}`);
  expect(violations).toEqual([]);
});

test("only workflow, cli and the Node binding of the runtime touch the file system", () => {
  const offenders = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .filter((file) => !/^(workflow|cli)[\\/]|^node\.ts$/.test(file))
    .filter((file) => /from "node:/.test(readFileSync(join(SRC, file), "utf8")));
  expect(offenders).toEqual([]);
});
