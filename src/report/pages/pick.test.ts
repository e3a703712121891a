import { expect, test } from "vitest";
import type { PickReportData } from "./pick/data.js";
import { pickReport } from "./pick/page.js";

const EMPTY: PickReportData = {
  warnings: ["tomo.mrc: nothing in it looks like a particle"],
  lessProbable: { count: 0, reason: "" },
  classes: [{ name: "ribosome", examples: [] }],
  tomograms: [{ name: "tomo.mrc", facts: [["size", "1 × 1 × 1"]], slices: [], withoutSlices: "There is no candidate" }],
  scores: [],
  rejected: { best: [], reasons: [] },
  cutOffs: [],
  dependence: [],
  gallery: [],
  outputs: [["list", "picks.star"]],
  run: { command: "cosnet pick", seed: 7, version: "0.1.0", model: "m", durationSeconds: 3 },
};

const FOUND: PickReportData = {
  ...EMPTY,
  warnings: [],
  scores: [
    { classIndex: 0, probability: 0.9, similarity: 0.8, accepted: true, isExample: false },
    { classIndex: 0, probability: 0.1, similarity: 0.3, accepted: false, isExample: false },
  ],
  tomograms: [
    {
      ...{ name: "tomo.mrc", facts: [] },
      slices: [
        {
          plane: { width: 40, height: 30, data: new Float32Array(1200) },
          ...{ pixelAngstrom: 10, fileVoxelSizeAngstrom: 10, thicknessAngstrom: 50, isInverted: true },
          ...{ axes: ["x", "y", "z"], section: 51, sections: 100 },
          circles: [
            { x: 3, y: 4, radius: 5, classIndex: 0 },
            { x: 9, y: 9, radius: 5, classIndex: undefined },
          ],
        },
      ],
    },
  ],
  rejected: {
    best: [
      {
        ...{ tomogram: "tomo.mrc", position: "100, 200, 300", voxel: "10, 20, 30", nearestClass: "ribosome" },
        ...{ probability: 0.1, similarity: 0.3, detectionScore: 0.4, reason: "more probably of none of the classes" },
      },
    ],
    reasons: [["more probably of none of the classes", 250]],
  },
};

test("without a candidate there is no picture and no chart, and the page says so", () => {
  const page = pickReport(EMPTY);
  expect(page).not.toMatch(/<img|NaN|Infinity|undefined|Counts and confidence|Particles to inspect/);
  expect(page).toContain("nothing in it looks like a particle");
  expect(page).toContain("<p>There is no candidate</p>");
});

test("a slice says which section it is and what was done to it, and what was not picked is listed with its reason", () => {
  const page = pickReport(FOUND);
  expect(page).toContain("Section 51 of 100 across z, 50 nm deep");
  expect(page).toContain("1 pick and 1 other candidate cut by this slice. Mean over 5 nm of depth, not filtered");
  expect(page.match(/<circle cx/g)).toHaveLength(2 + (page.match(/<circle cx="11"/g)?.length ?? 0));
  expect(page).toContain("250 candidates (250: more probably of none of the classes). The best 1 of 250");
  for (const cell of ["10, 20, 30", "100, 200, 300", "more probably of none of the classes"])
    expect(page).toContain(`<td class="">${cell}</td>`);
});

test("of a hundred thousand circles in a slice two thousand are drawn, picks first, and that is said", () => {
  const [tomogram] = FOUND.tomograms;
  const circles = Array.from({ length: 100_000 }, (_, i) => ({
    ...{ x: 9, y: 9, radius: 5 },
    classIndex: i < 90_000 ? undefined : 0,
  }));
  const slices = tomogram!.slices.map((slice) => ({ ...slice, circles }));
  const page = pickReport({ ...FOUND, tomograms: [{ ...tomogram!, slices }] });
  expect(page).toContain(
    "10,000 picks and 90,000 other candidates cut by this slice. 2,000 circles are drawn, picks before others.",
  );
  expect(page.match(/<circle cx="9.0"/g)).toHaveLength(2000);
  expect(page).not.toContain("stroke-dasharray");
});
