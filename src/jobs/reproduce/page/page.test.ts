import { expect, test } from "vitest";
import { createVolume } from "../../../volume/index.js";
import type { ExamplePicture } from "../examples.js";
import type { ReproductionReportData } from "./data.js";
import { reproductionReport } from "./page.js";

const EDGE = 16;

/** A ball in a box, and a smaller ball as what a network made of it. */
function example(name: string): ExamplePicture {
  const ball = (radius: number) =>
    Float32Array.from({ length: EDGE ** 3 }, (_, i) => {
      const at = [i % EDGE, Math.floor(i / EDGE) % EDGE, Math.floor(i / EDGE ** 2)];
      return Math.hypot(...at.map((index) => index - EDGE / 2)) < radius ? 1 : 0;
    });
  return {
    name,
    volume: createVolume([EDGE, EDGE, EDGE], 10, ball(4)),
    truth: ball(5),
    masks: new Map([
      ["duse-scnn-decoder", { mask: ball(4), dice: 0.71 }],
      ["cosnet", { mask: new Float32Array(EDGE ** 3), dice: 0 }],
    ]),
  };
}

const training = {
  batchClasses: 6,
  steps: 400,
  volumes: 4800,
  peakLearningRate: 0.001,
  trainingTeraflop: 8,
  hours: 0.1,
  validationScore: 0.6,
  bestStep: 400,
};
const size = { parameters: 123456, gigaflopPerVolume: 0.5 };
const SPREAD = { mean: 0.9, minimum: 0.812, maximum: 0.95 };
const DATA: ReproductionReportData = {
  tables: {
    columns: [
      { key: "duse-scnn-decoder", name: "DuSE-SCNN + decoder", model: "a.onnx", ...size, training },
      {
        key: "cosnet",
        name: "cosnet, same data",
        model: "b.onnx",
        parameters: 1000,
        gigaflopPerVolume: 0.25,
        training: { ...training, trainingTeraflop: 2, steps: 200, volumes: 2400 },
      },
      { key: "shipped", name: "cosnet as <shipped>", model: "c.onnx", ...size },
    ],
    cells: [1000, 0.5].flatMap((snr) => [
      { network: "duse-scnn-decoder", way: 2, snr, accuracy: 0.8, ci95: [0.78, 0.82] as const, spread: SPREAD },
      {
        network: "cosnet",
        way: 2,
        snr,
        accuracy: snr === 1000 ? 0.9 : 0.79,
        ci95: [0.88, 0.92] as const,
        spread: SPREAD,
      },
      { network: "shipped", way: 2, snr, accuracy: 0.95, ci95: [0.94, 0.96] as const, spread: SPREAD },
    ]),
    comparisons: [
      {
        effect: "DuSE",
        first: "duse-scnn-decoder",
        second: "cosnet",
        way: 2,
        snr: 1000,
        difference: -0.012,
        onlyFirst: 70,
        onlySecond: 10,
        pValue: 1e-6,
      },
      {
        effect: "DuSE",
        first: "duse-scnn-decoder",
        second: "cosnet",
        way: 2,
        snr: 0.5,
        difference: 0.1,
        onlyFirst: 10,
        onlySecond: 510,
        pValue: 1e-4,
      },
    ],
    dice: [{ network: "cosnet", class: "1GYT", snr: 1000, before: 0.8, after: 0.825, n: 100 }],
    episodes: 5000,
  },
  paperSize: {
    channels: 64,
    parameters: 7654321,
    gigaflopPerVolume: 33,
    batchVolumes: 12,
    steps: 40000,
    learningRate: 1e-4,
    trainingTeraflop: 48000,
  },
  examples: ["1GYT", "1W6T", "1WCM", "3CF3"].map(example),
  settings: { quick: false, channels: 8, volumes: 4800, particlesPerClass: 100 },
  trainingComplexes: ["1OEL", "1BXN"],
  testComplexes: ["1GYT", "1W6T", "1WCM", "3CF3"],
  run: { command: "cosnet reproduce", seed: 7, version: "1.2.3", model: "c.onnx", durationSeconds: 60 },
};

const report = reproductionReport(DATA);

test("the page says what was won, beside the paper's figures", () => {
  const { html } = report;
  expect(html).toContain("1 of 2"); // ours leads at SNR 0.5 only
  expect(html).toContain("lead −1.2 to +10.0 points, with 25.0\u202f% of the training&#39;s arithmetic");
  expect(html).toContain("DuSE-SCNN + decoder, 2-way, SNR 1000 (−1.2)");
  expect(html).toContain("paper 93.9");
  expect(html).toContain("<b>90.0</b>");
  expect(html).toContain("0.800 → <b>0.825</b>");
  expect(html).toContain("−1.2**");
  expect(html).toContain("cosnet as &#60;shipped&#62; (more data)");
});

test("how much smaller the paper's network is made", () => {
  const { markdown } = report;
  expect(markdown).toContain("| channels | 64 | 8 | 1/8 |");
  expect(markdown).toContain("| volumes seen in training | 480,000 | 4,800 | 1/100 |");
  expect(markdown).toContain("| training, TFLOP | 48,000 | 8 | 1/6,000 |");
  expect(markdown).toContain("| peak learning rate | 1e-4 | 1e-3 | 10 |");
});

test("the Markdown has the page's tables and links to its pictures, and takes no name for its own signs", () => {
  const { markdown, figures } = report;
  for (const name of figures.keys()) expect(markdown).toContain(`](${name})`);
  expect(markdown).toContain("**90.0**<br>88.0 to 92.0");
  expect(markdown).toContain("| 1GYT | 0.800 → **0.825** |");
  expect(markdown).toContain(
    "| DuSE-SCNN + decoder | **1 of 2** | 1 | 1e-4 | −1.2 | +4.4 | +10.0 | 25.0 % | 50.0 % | 50.0 % |",
  );
  expect(markdown).toContain("cosnet as &lt;shipped&gt; (more data)");
  expect(markdown).toContain("−1.2\\*\\*");
  expect(markdown).not.toMatch(/<(?!br>)/);
  const columns = markdown.split("\n").filter((line) => line.startsWith("|"));
  expect(columns.every((line) => line.endsWith("|"))).toBe(true);
});

test("figures are complete SVG files: three classes in one, all in the other", () => {
  const { figures } = report;
  expect([...figures.keys()]).toEqual(["table1.svg", "figure3.svg", "figure4.svg"]);
  const count = (name: string, text: string) => figures.get(name)!.split(text).length - 1;
  for (const svg of figures.values()) expect(svg).toMatch(/^<svg xmlns.*<style>.*<\/svg>$/s);
  // a class: the input; surfaces of truth and the one network that found something; slices of truth and both networks
  expect(count("figure3.svg", "<image ")).toBe(3 * (1 + 2 + 3));
  expect(count("figure4.svg", "<image ")).toBe(4 * (1 + 2 + 3));
  expect(count("figure3.svg", "Dice 0.00, empty")).toBe(3);
  expect(count("table1.svg", "SNR 0.5")).toBe(1);
});
