import { expect, test } from "vitest";
import { hardSuitePage } from "./page.js";
import type { PickingFigures } from "./picking/rows.js";
import { spreadOf, spreadsOf } from "./spread.js";

const figures = (classF1: number | null, sphereClassF1: number | null): PickingFigures => ({
  ...{ detectionPrecision: 1, detectionRecall: 1, detectionF1: 1, classF1, namedPrecision: 1, offeredFound: 1 },
  ...{ namedRight: 1, foundByProbability: 1, foundByDetection: 0.5, sphereDetectionF1: null, sphereClassF1 },
});

test("draws are summed up as mean and sample deviation", () => {
  expect(spreadOf([0.2, 0.4, 0.6])).toEqual({ mean: expect.closeTo(0.4), deviation: expect.closeTo(0.2), draws: 3 });
  expect(spreadOf([0.7])).toEqual({ mean: 0.7, deviation: 0, draws: 1 });
  expect(spreadOf([])).toBeNull();
});

test("what a draw did not measure counts for nothing, and zero counts", () => {
  const spreads = spreadsOf([figures(0, 0.5), figures(0.2, null), figures(null, null)]);
  expect(spreads.classF1).toEqual({
    mean: expect.closeTo(0.1),
    deviation: expect.closeTo(Math.SQRT2 / 10),
    draws: 2,
  });
  expect(spreads.sphereClassF1).toEqual({ mean: 0.5, deviation: 0, draws: 1 });
  expect(spreads.sphereDetectionF1).toBeNull();
});

test("the page has every row, every episode, and what was not run", () => {
  const page = hardSuitePage({
    ...{
      version: "1",
      model: "m",
      detector: "d",
      seed: 7,
      classes: ["a", "b"],
    },
    measured: [{ set: "virions", figure: "found, of 3", spread: { mean: 2.5, deviation: 0.5, draws: 3 } }],
    picking: [{ part: "crowded tomogram", shots: 5, figures: spreadsOf([figures(0.25, null)]) }],
    episodes: [
      {
        ...{ imaging: "varied", way: 12, shot: 1, snr: 0.05, particlesPerClass: 40 },
        byComparison: {
          cosnet: { accuracy: 0.4, ci95: [0.35, 0.45] },
          embeddings: { accuracy: 0.3, ci95: [0.25, 0.35] },
          templateCorrelation: { accuracy: 0.25, ci95: [0.2, 0.3] },
          radialProfile: { accuracy: 0.2, ci95: [0.1, 0.3] },
          powerSpectrum: { accuracy: 0.1, ci95: [0.05, 0.15] },
        },
      },
    ],
    notRun: ["20-way episodes: the structures are 12"],
  });
  expect(page).toContain("| virions | found, of 3 | 3 | 2.50 ± 0.50 |");
  expect(page).toContain("| crowded tomogram | 5 | 1.000 | 1.000 | 1.000 | 1.000 | 0.500 |  | 0.250 |");
  expect(page).toContain(
    "| varied | 12 | 1 | 0.05 | 40 | 8.3 | 40.0 (35.0 to 45.0) | 30.0 (25.0 to 35.0) | 25.0 (20.0 to 30.0) | 20.0 (10.0 to 30.0) | 10.0 (5.0 to 15.0) |",
  );
  expect(page).toContain("- 20-way episodes: the structures are 12");
});
