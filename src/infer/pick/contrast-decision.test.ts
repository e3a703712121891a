import { expect, test } from "vitest";
import { decideContrast, statedOrMeasured } from "./contrast-decision.js";

const decide = (boxes: readonly number[], skewness?: number) => decideContrast({ boxes, what: "examples", skewness });

test("examples and tomogram that agree are certain, of either sign", () => {
  expect(decide([0.5, 0.9, 1.2, 0.4, 0.6, -0.5], 1.1)).toEqual({
    dark: false,
    reason: "measured: 1 of 6 examples look dark, 5 bright; grey values lean to the bright side (skewness 1.10)",
    doubt: undefined,
  });
  expect(decide([-0.5, -0.9], -0.2)).toMatchObject({ dark: true, doubt: undefined });
});

test("gold beads among the examples do not turn the complexes", () => {
  expect(decide([-4, 0.6], 0.9)).toMatchObject({ dark: false });
  expect(decide([4, -0.6], -0.9)).toMatchObject({ dark: true });
  expect(decide([-4, -5, 0.6], 0.9)).toMatchObject({ dark: false });
});

test("what does not agree is in doubt, and says what was assumed", () => {
  expect(decide([-4, 0.6], 0.9).doubt).toMatch(
    /not certain .* taken to be bright: 1 of 2 examples look dark, 1 bright/,
  );
  expect(decide([0.8, 0.9, 1], -0.9)).toMatchObject({ dark: false, doubt: expect.stringContaining("not certain") });
});

test("one example needs the tomogram beside it", () => {
  expect(decide([0.8], 0.2)).toMatchObject({ dark: false, doubt: undefined });
  expect(decide([-0.8])).toMatchObject({ dark: true, doubt: expect.stringContaining("not certain") });
});

test("noise alone is bright, and in doubt", () => {
  expect(decide([0.1, -0.2, 0.4, -0.4], 0.02)).toMatchObject({ dark: false, doubt: expect.stringContaining("bright") });
  expect(decide([])).toMatchObject({ dark: false, reason: "uncertain: there is nothing to see it by" });
});

test("what is stated counts, and is doubted only where the measurement is certain", () => {
  const measured = decide([-0.5, -0.9, -0.8], -1);
  expect(statedOrMeasured(undefined, measured)).toBe(measured);
  expect(statedOrMeasured({ dark: true, by: "picks.star" }, measured)).toEqual({
    dark: true,
    reason: "as picks.star says",
    doubt: undefined,
  });
  expect(statedOrMeasured({ dark: false, by: "--no-invert" }, measured).doubt).toMatch(
    /^--no-invert says that protein is bright; it looks dark \(measured: 3 of 3 examples/,
  );
  expect(statedOrMeasured({ dark: true, by: "--invert" }, decide([0.4])).doubt).toBeUndefined();
});
