import { expect, test } from "vitest";
import { type BenchmarkResult, benchmarkCsv, benchmarkText } from "./index.js";

const RESULT: BenchmarkResult = {
  cells: [
    { way: 2, shot: 1, snr: Infinity, accuracy: 0.985, ci95: [0.979, 0.99], episodes: 2000 },
    { way: 2, shot: 1, snr: 0.5, accuracy: 0.95, ci95: [0.94, 0.959], episodes: 2000 },
    { way: 6, shot: 5, snr: 0.5, accuracy: 0.8125, ci95: [0.795, 0.829], episodes: 2000 },
  ],
  dice: [
    { class: "1KP8", snr: Infinity, before: 0.9, after: 0.9, n: 40 },
    { class: 'odd, "name"', snr: Infinity, before: 0.8, after: 0.8, n: 40 },
  ],
};

test("text tables", () => {
  expect(benchmarkText(RESULT)).toMatchInlineSnapshot(`
    "Accuracy in % [95 % interval], 2000 episodes a cell
      task                   no noise            SNR 0.5
      2-way 1-shot  98.5 [97.9, 99.0]  95.0 [94.0, 95.9]
      6-way 5-shot                  -  81.3 [79.5, 82.9]

    Mean Dice of the masks
      class        no noise
      1KP8            0.900
      odd, "name"     0.800
      mean            0.850

    SNR = var(signal) / var(noise) inside the subtomogram after CTF and missing wedge."
  `);
});

test("Dice is shown before and after when refinement changed it", () => {
  const text = benchmarkText({ cells: [], dice: [{ class: "a", snr: 1, before: 0.5, after: 0.75, n: 2 }] });
  expect(text).toContain("0.500 -> 0.750");
  expect(text).not.toContain("Accuracy");
});

test("comma-separated values keep all digits and quote odd names", () => {
  expect(benchmarkCsv(RESULT)).toMatchInlineSnapshot(`
    "way,shot,snr,accuracy,ci95_low,ci95_high,episodes
    2,1,inf,0.985,0.979,0.99,2000
    2,1,0.5,0.95,0.94,0.959,2000
    6,5,0.5,0.8125,0.795,0.829,2000

    class,snr,dice_before,dice_after,n
    1KP8,inf,0.9,0.9,40
    "odd, ""name""",inf,0.8,0.8,40
    "
  `);
});
