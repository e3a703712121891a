import { expect, test } from "vitest";
import { reproductionCsv } from "./csv.js";
import type { ReproductionTables } from "./tables.js";
import { reproductionText } from "./text.js";

const INFINITE = Number.POSITIVE_INFINITY;
const SPREAD = { mean: 0.9, minimum: 0.8, maximum: 0.95 };
const TABLES: ReproductionTables = {
  columns: [
    {
      key: "duse-scnn-decoder",
      name: "DuSE-SCNN + decoder",
      model: "model.onnx",
      parameters: 1000,
      gigaflopPerVolume: 2.125,
      training: {
        batchClasses: 6,
        steps: 600,
        volumes: 7200,
        peakLearningRate: 0.001,
        trainingTeraflop: 45.04,
        hours: 0.2,
        validationScore: 0.7,
        bestStep: 600,
      },
    },
    { key: "shipped", name: "cosnet as shipped", model: "cosnet.onnx", parameters: 800, gigaflopPerVolume: 0.447 },
  ],
  cells: [
    { network: "duse-scnn-decoder", way: 2, snr: 1000, accuracy: 0.9, ci95: [0.891, 0.908], spread: SPREAD },
    { network: "shipped", way: 2, snr: 1000, accuracy: 0.99, ci95: [0.987, 0.993], spread: SPREAD },
    { network: "shipped", way: 2, snr: INFINITE, accuracy: 1, ci95: [0.999, 1], spread: SPREAD },
  ],
  comparisons: [
    {
      effect: "shipped against paper",
      first: "duse-scnn-decoder",
      second: "shipped",
      way: 2,
      snr: 1000,
      difference: 0.09,
      onlyFirst: 10,
      onlySecond: 460,
      pValue: 1e-9,
    },
  ],
  dice: [
    { network: "shipped", class: "1GYT", snr: 1000, before: 0.9, after: 0.92, n: 100 },
    { network: "shipped", class: "a,b", snr: 1000, before: 0.8, after: 0.82, n: 100 },
  ],
  episodes: 5000,
};

test("the terminal shows every table, beside what the paper states", () => {
  expect(reproductionText(TABLES)).toMatchInlineSnapshot(`
    "Columns
      network                  GFLOP a volume  volumes  training TFLOP
      [1] DuSE-SCNN + decoder            2.13     7200            45.0
      [2] cosnet as shipped              0.45        -               -

    Table 1: one-shot accuracy in %, ± half the 95 % interval, 5000 episodes a cell
                             [1]         [2]     paper
      2-way, no noise          -  100.0 ±0.1
      2-way, SNR 1000  90.0 ±0.9   99.0 ±0.3  [1] 93.9

    Differences on the same episodes in points; * p < 0.05, ** p < 0.001 (McNemar)
                             2-way 1000
      shipped against paper      +9.0**

    Table 2: mean Dice by class, SNR 1000, before -> after the conditional random field; paper: > 0.84 in every class
                       [2]
      1GYT  0.900 -> 0.920
      a,b   0.800 -> 0.820
      mean  0.850 -> 0.870

    SNR = var(signal) / var(noise) inside the subtomogram after CTF and missing wedge."
  `);
});

test("comma-separated values", () => {
  const files = reproductionCsv(TABLES);
  expect([...files.keys()]).toEqual(["table1.csv", "table1-paired.csv", "tables2-3.csv"]);
  expect(files.get("table1.csv")).toMatchInlineSnapshot(`
    "network,way,snr,accuracy,ci95_low,ci95_high,episodes,paper_percent,worst_draw,best_draw
    "DuSE-SCNN + decoder",2,1000,0.9,0.891,0.908,5000,93.9,0.8,0.95
    "cosnet as shipped",2,1000,0.99,0.987,0.993,5000,,0.8,0.95
    "cosnet as shipped",2,inf,1,0.999,1,5000,,0.8,0.95
    "
  `);
  expect(files.get("tables2-3.csv")).toContain('"cosnet as shipped","a,b",1000,0.8,0.82,100\n');
});
