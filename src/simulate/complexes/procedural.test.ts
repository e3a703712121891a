import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { type Beads, reach, totalWeight, transformBeads } from "./beads.js";
import { blob } from "./blob.js";
import { dock, symmetricAssembly } from "./docking.js";
import { generatesGroup, groupOrder, type PointGroup, pointGroup } from "./point-groups.js";
import { proceduralComplex } from "./procedural.js";

const GROUPS: readonly PointGroup[] = ["C2", "C5", "C12", "D2", "D3", "D7", "T", "O", "I"];

test.each(GROUPS)("%s has as many rotations as it should, all proper, and is closed", (name) => {
  const elements = pointGroup(name);
  expect(elements).toHaveLength(groupOrder(name));
  for (const [a, b, c, d, e, f, g, h, i] of elements)
    expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(1, 9);
  expect(generatesGroup(name, [...elements.keys()])).toBe(true);
  expect(generatesGroup(name, [])).toBe(false);
});

/** The largest distance from a bead of `a` to the nearest of `b`. */
function farthestFromNearest({ positions: a }: Beads, { positions: b }: Beads): number {
  let worst = 0;
  for (let p = 0; p < a.length; p += 3) {
    let nearest = Infinity;
    for (let q = 0; q < b.length; q += 3)
      nearest = Math.min(nearest, Math.hypot(a[p] - b[q], a[p + 1] - b[q + 1], a[p + 2] - b[q + 2]));
    worst = Math.max(worst, nearest);
  }
  return worst;
}

test.each(GROUPS)("an assembly of symmetry %s looks the same after every rotation of the group", (name) => {
  const random = createRandom(`assembly ${name}`);
  const assembly = symmetricAssembly(random, blob(random, 9, 9), name);
  expect(assembly.weights).toHaveLength(groupOrder(name) * 15);
  for (const element of pointGroup(name).slice(1, 8))
    expect(farthestFromNearest(transformBeads(assembly, element), assembly)).toBeLessThan(1e-3);
});

test("docking brings two bodies into contact without pushing one into the other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const random = createRandom(seed);
      const [base, part] = [blob(random, 60, 6), blob(random, 40, 6)];
      const both = dock(random, base, part, { x: 0, y: 0, z: 1 }).positions;
      const count = base.weights.length;
      const gaps = Array.from({ length: part.weights.length }, (_, i) => {
        const q = 3 * (count + i);
        let nearest = Infinity;
        for (let p = 0; p < 3 * count; p += 3)
          nearest = Math.min(
            nearest,
            Math.hypot(both[p] - both[q], both[p + 1] - both[q + 1], both[p + 2] - both[q + 2]),
          );
        return nearest;
      });
      expect(Math.min(...gaps)).toBeLessThan(12); // touching: beads are 6 Å apart, contact is called at 7.5 Å
      expect(gaps.filter((gap) => gap < 5).length / gaps.length).toBeLessThan(0.15);
    }),
    { numRuns: 20 },
  );
});

test("a blob has the mass asked for at protein density", () => {
  const body = blob(createRandom(1), 100, 6, { domains: 1 });
  expect(totalWeight(body)).toBeCloseTo(100, 2);
  // A ball of 100 kDa has a radius of 30.7 Å; a stretched one reaches somewhat further.
  expect(reach(body)).toBeGreaterThan(31);
  expect(reach(body)).toBeLessThan(60);
});

test("the same seed gives the same complex to the byte, another seed another", () => {
  const make = (seed: string) => proceduralComplex(createRandom(seed));
  expect(make("a")).toEqual(make("a"));
  expect(make("a").positionsAngstrom).not.toEqual(make("b").positionsAngstrom);
});

test("the stream gives centred complexes of the stated mass range, of many kinds, that fit the box", () => {
  const random = createRandom("stream");
  const complexes = Array.from({ length: 80 }, (_, i) => proceduralComplex(random.fork(i)));
  for (const { massKilodalton, weights, positionsAngstrom, radiusAngstrom, gyrationRadiusAngstrom } of complexes) {
    expect(massKilodalton).toBeGreaterThanOrEqual(80);
    expect(massKilodalton).toBeLessThanOrEqual(3000);
    expect(radiusAngstrom).toBeLessThan(165);
    expect(radiusAngstrom).toBeGreaterThan(gyrationRadiusAngstrom);
    const centre = [0, 0, 0];
    for (let p = 0; p < positionsAngstrom.length; p++)
      centre[p % 3] += (weights[Math.floor(p / 3)] * positionsAngstrom[p]) / massKilodalton;
    for (const value of centre) expect(Math.abs(value)).toBeLessThan(1e-3);
  }
  const kinds = new Set(complexes.map(({ name }) => name.replace(/\d.*/, "")));
  for (const kind of ["C", "D", "T-", "O-", "lobed-", "body-", "hetero-"]) expect([...kinds]).toContain(kind);
});

test("a mass range is respected, an impossible one refused", () => {
  const random = createRandom("range");
  for (let i = 0; i < 15; i++) {
    const { massKilodalton } = proceduralComplex(random, { minimumKilodalton: 90, maximumKilodalton: 110 });
    expect(Math.abs(massKilodalton - 100)).toBeLessThanOrEqual(10);
  }
  expect(() => proceduralComplex(random, { minimumKilodalton: 500, maximumKilodalton: 400 })).toThrow(
    "cannot make complexes of 500 to 400 kDa",
  );
});
