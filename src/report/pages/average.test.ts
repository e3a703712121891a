import { describe, expect, it } from "vitest";
import { correlateHalves } from "../../evaluate/index.js";
import { createRandom, createVolume, randomQuaternion } from "../../volume/index.js";
import { angularDistribution } from "../chart/angular-distribution.js";
import { type AverageReportClass, averageReport } from "../index.js";

const EDGE = 16;
const NASTY = `<script>alert("x")</script>`;
const random = createRandom("average report");
const blob = (noise: number) =>
  Float32Array.from({ length: EDGE ** 3 }, (_, at) => {
    const square =
      ((at % EDGE) - 8) ** 2 + ((Math.floor(at / EDGE) % EDGE) - 8) ** 2 + (Math.floor(at / EDGE ** 2) - 8) ** 2;
    return Math.exp(-square / 8) + noise * random.normal();
  });
const volume = (noise: number) => createVolume([EDGE, EDGE, EDGE], 10, blob(noise));
const everywhere = new Float32Array(EDGE ** 3).fill(1);

const entry: AverageReportClass = {
  name: NASTY,
  particles: 120,
  setAside: [[`no better than noise ${NASTY}`, 3]],
  average: volume(0.02),
  before: { volume: volume(1), what: "the example that was clicked" },
  surfaceLevel: 0.3,
  correlation: correlateHalves([blob(0.1), blob(0.1)], everywhere, EDGE, random),
  resolutionAngstrom: 31.2,
  resolutionAtHalfAngstrom: 44,
  symmetry: "C3",
  symmetryNote: "found, score 0.91",
  orientations: Array.from({ length: 120 }, () => randomQuaternion(random)),
  iterations: [
    { iteration: 1, resolutionAngstrom: undefined, meanTurnDegrees: 9 },
    { iteration: 2, resolutionAngstrom: 50, meanTurnDegrees: 2.1 },
    { iteration: 3, resolutionAngstrom: 31.2, meanTurnDegrees: 0.4 },
  ],
  notes: ["The hand is not known."],
};
const nothing: AverageReportClass = {
  ...entry,
  name: "empty",
  particles: 0,
  before: undefined,
  correlation: undefined,
  resolutionAngstrom: undefined,
  resolutionAtHalfAngstrom: undefined,
  symmetry: "C1",
  symmetryNote: "",
  orientations: [],
  iterations: [],
};
const run = { command: `cosnet average ${NASTY}`, seed: 1, version: "0.1.0", model: "none", durationSeconds: 3 };
const reportOf = (classes: readonly AverageReportClass[]) =>
  averageReport({
    warnings: [NASTY],
    classes,
    commands: [["Open", `chimerax ${NASTY}`]],
    outputs: [["map", NASTY]],
    run,
  });

describe("the page of averages", () => {
  it("is complete in itself, and names cannot break out", () => {
    const page = reportOf([entry, nothing]);
    expect(page).not.toMatch(/<script|<link|@import|url\(/i);
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it("answers with the best resolution, and says what was set aside and imposed", () => {
    const page = reportOf([nothing, entry]);
    expect(page).toContain('<div class="number">31.2</div><div class="label">Å at an FSC of 0.143</div>');
    expect(page).toContain("3 particles set aside: no better than noise");
    expect(page).toContain("Symmetry C3 (found, score 0.91).");
    expect(page).toContain("No symmetry imposed.");
    expect(page).toContain("In the last round orientations changed by 0.4° on average.");
  });

  it("says so where the halves of no class agree", () => {
    expect(reportOf([nothing])).toContain("the halves of no class have anything in common");
  });
});

describe("the map of directions", () => {
  const circles = (svg: string) =>
    [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);

  it("has the unrotated particle's beam on top, along z, and one along x in the middle", () => {
    const upright = { w: 1, x: 0, y: 0, z: 0 };
    const lying = { w: Math.SQRT1_2, x: 0, y: -Math.SQRT1_2, z: 0 }; // takes the average's x axis to the beam
    expect(circles(angularDistribution([upright, lying]).markup)).toEqual([
      [240, 10],
      [240, 130],
    ]);
  });

  it("gives equal areas to equal solid angles: half of all directions lie within 30 degrees of the equator", () => {
    const within = circles(angularDistribution(Array.from({ length: 300 }, () => randomQuaternion(random))).markup);
    // 2 t + sin 2 t = pi sin 30°: the parallel of 30 degrees is drawn at 0.404 of the height
    const inside = within.filter(([, y]) => Math.abs(y - 130) < 120 * 0.404).length;
    expect(Math.abs(inside / 300 - 0.5)).toBeLessThan(0.12); // four standard deviations
  });

  it("counts many directions in cells", () => {
    const svg = angularDistribution(Array.from({ length: 1000 }, () => randomQuaternion(random))).markup;
    const counts = [...svg.matchAll(/<title>(\d+)<\/title>/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  });
});
