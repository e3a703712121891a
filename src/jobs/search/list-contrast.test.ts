import { describe, expect, test } from "vitest";
import type { Particle } from "../../io/index.js";
import { contrastOfLists, type ListBoxes } from "./list-contrast.js";

const EDGE = 16;

/** Boxes with a ball of this sign at the centre, and what the list states of each. */
function boxes(path: string, sign: number, stated: readonly (string | undefined)[]): ListBoxes {
  const particles = stated.map((contrast): Particle => ({ extra: contrast ? { cosnetContrast: contrast } : {} }));
  const volumes = new Float32Array(stated.length * EDGE ** 3);
  for (let i = 0; i < volumes.length; i++) volumes[i] = sign * (isInBall(i % EDGE ** 3) ? 4 : -0.2);
  return { path, particles, volumes };
}

function isInBall(voxel: number): boolean {
  const [z, y, x] = [Math.floor(voxel / EDGE ** 2), Math.floor(voxel / EDGE) % EDGE, voxel % EDGE];
  return Math.hypot(z - EDGE / 2, y - EDGE / 2, x - EDGE / 2) < 4;
}

const darkest = (list: ListBoxes, isDark: (particle: Particle) => boolean) => list.particles.map(isDark);

describe("the contrast of lists", () => {
  test("that state nothing is measured over both", () => {
    const found = contrastOfLists(boxes("p.star", -1, [undefined, undefined]), boxes("e.star", -1, [undefined]), {
      edge: EDGE,
    });
    expect(found.particles).toMatchObject({ dark: true, reason: expect.stringContaining("examples and particles") });
    expect(found.examples.dark).toBe(true);
  });

  test("that one states holds for the other in one tomogram only", () => {
    const particles = boxes("p.star", 1, ["dark", "dark"]);
    const examples = boxes("e.star", 1, [undefined]);
    expect(contrastOfLists(particles, examples, { edge: EDGE, skewness: 0 }).examples.dark).toBe(true);
    const apart = contrastOfLists(particles, examples, { edge: EDGE });
    expect([apart.particles.dark, apart.examples.dark]).toEqual([true, false]);
  });

  test("that differs within a list is each particle's own, measured where none is stated", () => {
    const particles = boxes("p.star", 1, ["dark", "bright", undefined]);
    const { particles: found } = contrastOfLists(particles, undefined, { edge: EDGE });
    expect(darkest(particles, found.isDark)).toEqual([true, false, false]);
    expect(found.reason).toContain("in part, as p.star says of each particle");
  });

  test("that options state is believed, examples' apart", () => {
    const particles = boxes("p.star", 1, ["dark", "bright"]);
    const examples = boxes("e.star", 1, ["bright"]);
    const found = contrastOfLists(particles, examples, { edge: EDGE, inverted: true, examplesInverted: false });
    expect(darkest(particles, found.particles.isDark)).toEqual([true, true]);
    expect(found.examples).toMatchObject({ dark: false, reason: "as --no-invert-examples says" });
  });

  test("that a list states against what is seen draws a warning", () => {
    const warnings: string[] = [];
    const onWarning = (warning: string) => warnings.push(warning);
    contrastOfLists(boxes("p.star", 1, Array<string>(6).fill("dark")), undefined, { edge: EDGE, onWarning });
    expect(warnings).toEqual([expect.stringContaining("p.star says that protein is dark; it looks bright")]);
  });

  test("of an unknown name is refused with the particle", () => {
    expect(() => contrastOfLists(boxes("p.star", 1, ["grey"]), undefined, { edge: EDGE })).toThrow(
      "p.star, particle 1",
    );
  });
});
