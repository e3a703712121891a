import { expect, test } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import { readRecipe, stepsOf } from "./commands/batch/steps.js";

const PICK = { examples: ["a.star", "ribosome=b.csv"] };

test("the options of the verbs, by their own names, become those of the jobs", () => {
  const recipe = readRecipe(
    {
      seed: 3,
      pick: { ...PICK, "cut-off": 0.4, gold: false, invert: true, "closed-set": true, learn: true, filament: "mt" },
      segment: { surfaces: ["stl", "ply"], crf: "off" },
      average: { "tilt-range": "-50,60", symmetry: "D7" },
    },
    "recipe.json",
  );
  const { pick, segment, average } = stepsOf(recipe, "recipe.json");
  expect(pick).toMatchObject({
    ...{ examples: PICK.examples, cutOff: 0.4, excludeGold: false, inverted: true, closedSet: true, learn: true },
    filaments: ["mt"],
  });
  expect(segment).toMatchObject({ surfaces: ["stl", "ply"], crf: "off" });
  expect(average).toMatchObject({ tiltRangeDegrees: [-50, 60], symmetry: "D7" });
});

test("a step that is left out is not done, and one without options has the defaults", () => {
  const { pick, segment, average } = stepsOf(readRecipe({ pick: PICK, segment: {} }, "r"), "r");
  expect([pick.closedSet, pick.excludeGold, pick.searchByExamples]).toEqual([false, true, true]);
  expect(segment).toMatchObject({ crf: "fitted", surfaces: ["glb"] });
  expect(average).toBeUndefined();
});

test("classify names particles of lists, with the options of pick that are not of its search", () => {
  const classify = {
    ...PICK,
    particles: ["matched/*.star"],
    "closed-set": true,
    orientations: false,
    precision: "float32",
  };
  const recipe = readRecipe({ classify, average: {} }, "r");
  expect(recipe).toEqual({ classify, average: {} });
  expect(stepsOf(recipe, "r").pick).toMatchObject({
    ...{ particles: ["matched/*.star"], closedSet: true, compareOrientations: false, precision: "float32" },
  });
});

const LISTED = { ...PICK, particles: ["matched.star"] };

test.each([
  [{ pick: { ...PICK, "cut-of": 0.4 } }, "pick: unknown option 'cut-of", "Did you mean cut-off?"],
  [{ pick: { ...PICK, "closed-sett": true } }, "pick: unknown option 'closed-sett'", "Did you mean closed-set?"],
  [{ pick: { ...PICK, godl: false } }, "pick: unknown option 'no-godl'", "Did you mean no-gold?"],
  [{ pick: { ...PICK, "cut-off": 2 } }, "pick: option 'cut-off <probability>' argument '2' is invalid", undefined],
  [{ pick: { ...PICK, output: "x" } }, "pick: output is for the batch to decide", "Leave it out of the recipe."],
  [{ pick: { ...PICK, device: "auto" } }, "pick: with device auto", "Write cpu or webgpu."],
  [{ pick: PICK, segment: { device: "auto" } }, "segment: with device auto", "Write cpu or webgpu."],
  [{ pick: {} }, "pick: required option 'examples <examples...>' not specified", undefined],
  [{ pick: PICK, segment: { joined: true } }, "segment: unknown option 'joined'", undefined],
  [{ pick: PICK, average: { symmetry: { group: "C1" } } }, 'average: symmetry is {"group":"C1"}', undefined],
  [{ pick: PICK, clasify: {} }, "there is no step clasify", "A recipe has seed, pick, classify, segment, average."],
  [{ pick: LISTED }, "pick: particles: lists of particles are classified", 'Write {"classify": ...} in place of pick.'],
  [{ pick: PICK, classify: LISTED }, "a recipe has pick or classify, not both", undefined],
  [{ classify: PICK }, "classify: required option 'particles <lists...>' not specified", undefined],
  [{ classify: { ...LISTED, border: 100 } }, "classify: border: it says how to search", undefined],
  [{ classify: { ...LISTED, gold: false } }, "classify: gold: it says how to search", undefined],
  [
    { classify: { ...LISTED, crf: "off" } },
    "classify: crf: masks are a step",
    'Write {"segment": {"crf": ...}} beside it.',
  ],
  [{ classify: { ...LISTED, nonsense: 1 } }, "classify: unknown option", "cosnet pick --help lists its options."],
  [{ classify: { ...LISTED, device: "auto" } }, "classify: with device auto", "Write cpu or webgpu."],
  [{ classify: [] }, "classify is [], and not its options", undefined],
  [{ pick: [] }, "pick is [], and not its options", undefined],
  [[], "not a recipe", undefined],
  [{ seed: -1, pick: PICK }, "the seed is -1", undefined],
])("%j is refused", (content, reason, hint) => {
  try {
    stepsOf(readRecipe(content, "recipe.json"), "recipe.json");
  } catch (error) {
    expect(error instanceof ConfigError || error instanceof FormatError).toBe(true);
    expect(error).toMatchObject({ where: "recipe.json", reason: expect.stringContaining(reason) });
    if (hint !== undefined) expect(error).toMatchObject({ hint });
    return;
  }
  expect.unreachable();
});
