import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbortError } from "../src/index.js";
import { reproduce } from "../src/node.js";
import { untrainedModel } from "./untrained-model.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-reproduce-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (name: string) => readFile(join(folder, "out", name), "utf8");
const changed = async (name: string) => (await stat(join(folder, "out", name))).mtimeMs;

test("a quick run, stopped on its way, builds every table and figure; run again, it only redoes what is missing", async () => {
  const modelPath = join(folder, "untrained.onnx");
  await writeFile(modelPath, untrainedModel());
  const options = { outputFolder: join(folder, "out"), quick: true, trainedWays: [2], volumes: 12, modelPath };
  const stop = new AbortController();
  const stopped = reproduce({
    ...options,
    signal: stop.signal,
    onProgress: ({ stage }) => stage.startsWith("DuSE-SCNN: ") && stop.abort(),
  });
  await expect(stopped).rejects.toThrow(AbortError);
  expect(await readdir(join(folder, "out", "steps"))).toEqual(["training-scnn-decoder.json", "training-scnn.json"]);
  const before = await changed("steps/training-scnn.json");
  const result = await reproduce(options);
  expect(await changed("steps/training-scnn.json")).toBe(before);

  expect(result.columns.map(({ key }) => key)).toEqual([
    "scnn",
    "scnn-decoder",
    "duse-scnn",
    "duse-scnn-decoder",
    "cosnet",
    "shipped",
  ]);
  expect(result.cells).toHaveLength(6 * 3 * 3);
  expect(new Set(result.dice.map(({ network }) => network))).toEqual(
    new Set(["scnn-decoder", "duse-scnn-decoder", "cosnet", "shipped"]),
  );
  expect(result.dice.every(({ before, after }) => before >= 0 && before <= 1 && after >= 0 && after <= 1)).toBe(true);
  expect(result.comparisons.every(({ pValue }) => pValue > 0 && pValue <= 1)).toBe(true);
  const compute = new Map(result.columns.map(({ key, training }) => [key, training?.trainingTeraflop ?? 0]));
  expect(compute.get("duse-scnn-decoder")!).toBeGreaterThan(compute.get("scnn")!);

  const files = await readdir(join(folder, "out"));
  expect(files.sort()).toEqual([
    "figure3.svg",
    "figure4.svg",
    "report.html",
    "report.md",
    "steps",
    "table1-paired.csv",
    "table1.csv",
    "table1.svg",
    "tables.json",
    "tables2-3.csv",
    "trainings",
  ]);
  const tables = await text("tables.json");
  const kept = await changed("steps/training-scnn.json");
  await rm(join(folder, "out", "steps", "measurement-scnn-snr-0.5.json"));
  await reproduce(options);
  expect(await text("tables.json")).toBe(tables);
  expect(await changed("steps/training-scnn.json")).toBe(kept);

  // Another model for the last column: only that column is measured again.
  const others = await changed("steps/measurement-cosnet-snr-0.5.json");
  const another = join(folder, "another.onnx");
  await copyFile(join(folder, "out", "trainings", "cosnet", "model.onnx"), another);
  const replaced = await reproduce({ ...options, modelPath: another });
  const cellsOf = (key: string) => replaced.cells.filter(({ network }) => network === key);
  expect(cellsOf("shipped")).toEqual(cellsOf("cosnet").map((cell) => ({ ...cell, network: "shipped" })));
  expect(await changed("steps/measurement-cosnet-snr-0.5.json")).toBe(others);
  expect(JSON.parse(await text("steps/measurement-shipped-snr-0.5.json")).result.model).toContain("another.onnx");
});

test("a full run asks for structures", async () => {
  await expect(reproduce({ outputFolder: join(folder, "none") })).rejects.toThrow("needs structures");
});
