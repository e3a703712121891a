import fc from "fast-check";
import { expect, test } from "vitest";
import { type Placed, suppressNeighbours } from "./suppress.js";

const coordinate = fc.double({ min: -300, max: 300, noNaN: true });
const placed: fc.Arbitrary<Placed> = fc.record({
  position: fc.record({ x: coordinate, y: coordinate, z: coordinate }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  radius: fc.double({ min: 5, max: 80, noNaN: true }),
});
const near = (a: Placed, b: Placed, spacing: number) =>
  Math.hypot(a.position.x - b.position.x, a.position.y - b.position.y, a.position.z - b.position.z) <
  spacing * (a.radius + b.radius);

test("those that stay are apart, and those that go lie near a better one that stays", () => {
  fc.assert(
    fc.property(fc.array(placed, { maxLength: 60 }), fc.constantFrom(0, 0.4, 1), (all, spacing) => {
      const kept = suppressNeighbours(all, { spacing });
      for (const [i, a] of kept.entries()) for (const b of kept.slice(i + 1)) expect(near(a, b, spacing)).toBe(false);
      const stays = new Set(kept);
      for (const one of all)
        if (!stays.has(one)) expect(kept.some((b) => b.score >= one.score && near(one, b, spacing))).toBe(true);
      expect(kept.map(({ score }) => score)).toEqual(kept.map(({ score }) => score).sort((a, b) => b - a));
    }),
  );
});
