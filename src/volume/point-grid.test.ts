import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPointGrid } from "./point-grid.js";

const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const points = fc.array(fc.record({ x: coordinate, y: coordinate, z: coordinate, group: fc.nat(2) }), {
  maxLength: 40,
});

describe("createPointGrid", () => {
  test("finds what trying all points finds, at and within the reach, in the same group", () => {
    fc.assert(
      fc.property(points, points, fc.double({ min: 0.1, max: 60, noNaN: true }), (placed, asked, reach) => {
        const grid = createPointGrid(reach);
        for (const point of placed) grid.add(point, point.group);
        for (const query of asked) {
          const found: number[] = [];
          grid.someNear(query, (point) => found.push(point) < 0, query.group);
          const expected = placed.flatMap(({ x, y, z, group }, i) =>
            group === query.group && Math.sqrt((x - query.x) ** 2 + (y - query.y) ** 2 + (z - query.z) ** 2) <= reach
              ? [i]
              : [],
          );
          expect(found.sort((a, b) => a - b)).toEqual(expected);
        }
      }),
    );
  });

  test("stops at the first point that is good enough", () => {
    const grid = createPointGrid(10);
    for (let i = 0; i < 5000; i++) expect(grid.add({ x: i % 7, y: 0, z: 0 })).toBe(i);
    let visits = 0;
    expect(grid.someNear({ x: 3, y: 0, z: 0 }, () => ++visits === 3)).toBe(true);
    expect(visits).toBe(3);
    expect(grid.someNear({ x: 300, y: 0, z: 0 }, () => true)).toBe(false);
  });
});
