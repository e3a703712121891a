import { describe, expect, test } from "vitest";
import { createRandom, createVolume } from "../../volume/index.js";
import {
  chooseForGallery,
  classifyReport,
  demoReport,
  type ReportBox,
  type ReportParticle,
  type RunInformation,
} from "../index.js";
import { html } from "../page/markup.js";
import { durationText, percentRange, percentText } from "../page/number-text.js";

const NASTY = `<script>alert("x")</script>`;
const RUN: RunInformation = {
  command: `cosnet demo --output ${NASTY}`,
  seed: 7,
  version: "0.1.0",
  model: "test",
  durationSeconds: 12.34,
};
const random = createRandom("report");

function box(masked = true): ReportBox {
  const n = 8;
  const data = Float32Array.from({ length: n ** 3 }, () => random.normal());
  const mask = Uint8Array.from({ length: n ** 3 }, (_, i) =>
    masked && Math.hypot((i % n) - 4, (Math.floor(i / n) % n) - 4, Math.floor(i / n / n) - 4) < 2.5 ? 1 : 0,
  );
  return { volume: createVolume([n, n, n], 10, data), mask };
}

const classes = [NASTY, "beta"].map((name) => ({ name, description: NASTY, examples: [box()] }));
const particles: ReportParticle[] = [0, 0, 0, 1, 1].map((trueClass, index) => ({
  name: `${NASTY} ${index}`,
  box: box(index !== 4), // one empty mask
  trueClass,
  predictedClass: index === 1 ? 1 : trueClass,
  probability: 0.75,
  margin: 0.1 * index,
  dice: 0.8,
}));

function checkSelfContained(page: string) {
  expect(page.startsWith("<!doctype html>")).toBe(true);
  expect(page).not.toMatch(/<script|<link|@import|url\(/i);
  expect(
    [...page.matchAll(/\b(?:src|href)="([^"]{0,20})/g)].every(([, target]) => target!.startsWith("data:image/png")),
  ).toBe(true);
  expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);
  expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  expect(page).toContain("&#60;script&#62;");
}

describe("demo report", () => {
  const page = demoReport({ classes, particles, snr: 0.5, run: RUN });
  test("is complete in itself, and names cannot break out", () => checkSelfContained(page));
  test("answers first, with intervals and the level of guessing", () => {
    expect(page).toContain("From one example each, 4 of 5 particles recognised");
    expect(page).toContain("80.0\u202f%");
    expect(page).toContain("95 % interval 38 to 96\u202f%; guessing gives 50\u202f%");
    expect(page.indexOf("<h1>")).toBeLessThan(page.indexOf("<h2>"));
  });
  test("marks every mistake and shows every particle", () => {
    expect(page.match(/class="tile wrong"/g)).toHaveLength(1);
    expect(page).toContain("mistaken for beta");
    expect(page.match(/class="tile[ "]/g)).toHaveLength(5);
  });
  test("states how to repeat it and what SNR means", () => {
    for (const fact of [
      "12 s",
      "Seed",
      "0.1.0",
      "Var(signal) / var(noise) inside the subtomogram after CTF and missing wedge",
    ])
      expect(page).toContain(fact);
  });
});

describe("classification report", () => {
  const unknown = particles.map(({ trueClass, dice, ...rest }) => rest);
  const page = classifyReport({
    warnings: [`no voxel size in ${NASTY}`],
    classes,
    scores: unknown,
    gallery: unknown.slice(0, 2),
    outputs: [["table", NASTY]],
    run: RUN,
  });
  test("is complete in itself, and names cannot break out", () => checkSelfContained(page));
  test("claims nothing about right and wrong", () => {
    expect(page).toContain("5 particles sorted into 2 classes");
    expect(page).not.toMatch(/tile wrong|recognised/);
    expect(page).toContain("2 of 5: for each class");
  });
  test("says at the top what the run warned of", () => {
    expect(page.indexOf("no voxel size in")).toBeGreaterThan(0);
    expect(page.indexOf("no voxel size in")).toBeLessThan(page.indexOf("The classes and their examples"));
  });
  test("every picture says which particle it is, by the last part of its name", () => {
    const named = { ...unknown[0], name: "Extract/job012/particle-17.mrc" };
    const one = classifyReport({ warnings: [], classes, scores: unknown, gallery: [named], outputs: [], run: RUN });
    expect(one).toContain('<div class="name">particle-17.mrc</div>');
  });
  test("works with no particles at all", () => {
    expect(classifyReport({ warnings: [], classes, scores: [], gallery: [], outputs: [], run: RUN })).not.toMatch(
      /NaN|Infinity|undefined/,
    );
  });
  test("the gallery takes the surest and the most doubtful of each class", () => {
    const scores = Array.from({ length: 30 }, (_, i) => ({ predictedClass: i % 2, probability: 0.5, margin: i }));
    const chosen = chooseForGallery(scores, { perClass: 4 });
    expect(chosen).toEqual([28, 26, 2, 0, 29, 27, 3, 1]);
    expect(chooseForGallery(scores.slice(0, 3), { perClass: 4 })).toEqual([2, 0, 1]);
  });
});

test("the template tag escapes text but not markup", () => {
  expect(html`<b title="${'"&'}">${["<", html`<i>${">"}</i>`, undefined, false, 0]}</b>`.markup).toBe(
    '<b title="&#34;&#38;">&#60;<i>&#62;</i>0</b>',
  );
});

test("numbers as text", () => {
  expect(percentText(Number.NaN)).toBe("–");
  expect(percentRange([-0.1, 1.2], 0)).toBe("0 to 100\u202f%");
  expect([1.25, 75.4, 3600 * 2 + 300].map(durationText)).toEqual(["1.3 s", "1 min 15 s", "2 h 5 min"]);
});
