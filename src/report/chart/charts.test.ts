import { describe, expect, test } from "vitest";
import { linearAxis, logAxis } from "./axis.js";
import { confusionChart } from "./confusion-chart.js";
import { histogramChart } from "./histogram.js";
import { intervalBars } from "./interval-bars.js";
import { lineChart } from "./line-chart.js";
import { trainingCurves } from "./training-curves.js";

const BLUE = [0, 114, 178] as const;

describe("axes", () => {
  test("linear ticks are round and lie inside", () => {
    expect(linearAxis([0, 1], [0, 100]).ticks.map(({ label }) => label)).toEqual([
      "0.0",
      "0.2",
      "0.4",
      "0.6",
      "0.8",
      "1.0",
    ]);
    expect(linearAxis([-3, 17], [0, 100]).ticks).toEqual([
      { at: 15, label: "0" },
      { at: 40, label: "5" },
      { at: 65, label: "10" },
      { at: 90, label: "15" },
    ]);
    expect(linearAxis([0, 1], [100, 0]).place(0.25)).toBe(75); // y axes run upwards
    expect(linearAxis([2, 2], [0, 100]).ticks.length).toBeGreaterThan(0);
  });
  test("logarithmic ticks follow the decades", () => {
    expect(logAxis([0.001, 10], [0, 100]).ticks.map(({ label }) => label)).toEqual(["0.001", "0.01", "0.1", "1", "10"]);
    expect(logAxis([0.3, 4], [0, 100]).ticks.map(({ label }) => label)).toEqual(["0.5", "1", "2"]);
    expect(logAxis([1, 100], [0, 100]).place(10)).toBeCloseTo(50, 9);
  });
});

test("a curve breaks at values that cannot be drawn", () => {
  const { markup } = lineChart(
    [{ label: "a", colour: BLUE, points: [1, 2, Number.NaN, 4, -1, 8].map((y, x) => ({ x, y })) }],
    { title: "t", xTitle: "x", yTitle: "y", yScale: "log" },
  );
  const path = /class="curve" d="([^"]*)"/.exec(markup)![1];
  expect(path.match(/M/g)).toHaveLength(3);
  expect(markup).not.toContain("NaN");
});

test("histogram bars add up to the particles; ends take what lies beyond", () => {
  const { markup } = histogramChart([{ label: "all", values: [-5, 0.05, 0.15, 0.95, 7, Number.NaN], colour: BLUE }], {
    axisTitle: "margin",
    range: [0, 1],
    bins: 10,
  });
  const heights = [...markup.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"/g)].map(
    ([, height]) => Number(height),
  );
  const unit = Math.min(...heights.slice(0, 3));
  expect(heights.slice(0, 3).map((height) => Math.round(height / unit))).toEqual([2, 1, 2]);
});

test("a long legend goes on in the next line instead of over the edge", () => {
  const series = Array.from({ length: 8 }, (_, i) => ({
    label: `a class with a name ${i}`,
    values: [i / 8],
    colour: BLUE,
  }));
  const { markup } = histogramChart(series, { axisTitle: "margin", range: [0, 1], width: 540 });
  const captions = [...markup.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(a class[^<]*)/g)];
  expect(captions).toHaveLength(8);
  expect(captions.every(([, x, , caption]) => Number(x) + 6.5 * caption!.length < 540)).toBe(true);
  expect(new Set(captions.map(([, x, y]) => `${x} ${y}`)).size).toBe(8);
});

test("empty charts are still charts", () => {
  const bars = intervalBars([{ label: "none", value: Number.NaN, note: "0 of 0" }], {
    title: "t",
    range: [0, 1],
    tickLabel: String,
  });
  const curves = trainingCurves({ train: [] });
  for (const markup of [bars.markup, curves]) {
    expect(markup).toMatch(/^<svg .*<\/svg>$/s);
    expect(markup).not.toMatch(/NaN|Infinity|undefined/);
  }
});

describe("golden charts", () => {
  test("confusion matrix", async () => {
    const counts = Int32Array.of(9, 1, 0, 0, 10, 0, 2, 0, 8);
    const { markup } = confusionChart({ classNames: ["ribosome", "<&>", "C"], counts });
    await expect(markup).toMatchFileSnapshot("golden/confusion.svg");
  });
  test("bars with intervals", async () => {
    const { markup } = intervalBars(
      [
        { label: "ribosome", value: 0.9, interval: [0.6, 0.98], note: "9 of 10" },
        { label: "apoferritin", value: 1, interval: [0.72, 1], note: "10 of 10" },
      ],
      {
        title: "Accuracy",
        range: [0, 1],
        tickLabel: (value) => `${100 * value} %`,
        reference: { value: 0.5, label: "guessing" },
      },
    );
    await expect(markup).toMatchFileSnapshot("golden/bars.svg");
  });
  test("training curves", async () => {
    const train = Array.from({ length: 60 }, (_, i) => ({
      step: 10 * i,
      loss: 3 * Math.exp(-i / 15) + 0.2 + 0.05 * Math.sin(7 * i),
    }));
    const validation = train.filter((_, i) => i % 12 === 0).map(({ step, loss }) => ({ step, loss: loss * 1.1 }));
    await expect(trainingCurves({ train, validation, yScale: "log" })).toMatchFileSnapshot("golden/training.svg");
  });
});
