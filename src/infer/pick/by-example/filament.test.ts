import { expect, test } from "vitest";
import type { Vector3 } from "../../../volume/index.js";
import { isFilament, type LikenessMap, onFilaments } from "./filament.js";

const N = 24;
/** The centre of a cell. */
const middle = { x: 91.5, y: 91.5, z: 91.5 };

function mapOf(likeness: (at: Vector3) => number): LikenessMap {
  const values = Float32Array.from({ length: N ** 3 }, (_, i) => {
    const centre = (cell: number) => 8 * cell + 3.5;
    return likeness({
      x: centre(i % N),
      y: centre(Math.floor(i / N) % N),
      z: centre(Math.floor(i / N / N)),
    });
  });
  return { values, shape: [N, N, N], cellVoxels: 8 };
}

/** Distance from the straight line through the middle along a direction. */
function beside({ x, y, z }: Vector3, axis: Vector3): number {
  const away = { x: x - middle.x, y: y - middle.y, z: z - middle.z };
  const along = away.x * axis.x + away.y * axis.y + away.z * axis.z;
  return Math.sqrt(Math.max(0, away.x ** 2 + away.y ** 2 + away.z ** 2 - along ** 2));
}

/** A filament through the middle, likest there. */
function filamentAlong(axis: Vector3): LikenessMap {
  return mapOf((at) => {
    const away = Math.hypot(at.x - middle.x, at.y - middle.y, at.z - middle.z);
    return (0.8 - 0.002 * away) * Math.exp(-((beside(at, axis) / 14) ** 2));
  });
}

test("what goes on along one direction alone is a filament", () => {
  expect(isFilament(filamentAlong({ x: 0.31, y: 0.95, z: 0.04 }), middle)).toBe(true);
  expect(isFilament(filamentAlong({ x: 0, y: 1, z: 0 }), middle)).toBe(true);
});

test("a particle is none, nor is a row of two, nor what goes on everywhere", () => {
  const near = (at: Vector3, { x, y, z }: Vector3) => Math.hypot(at.x - x, at.y - y, at.z - z);
  expect(
    isFilament(
      mapOf((at) => Math.exp(-((near(at, middle) / 12) ** 2))),
      middle,
    ),
  ).toBe(false);
  const other = { ...middle, x: middle.x + 18 };
  const two = mapOf((at) => Math.exp(-((Math.min(near(at, middle), near(at, other)) / 10) ** 2)));
  expect(isFilament(two, middle)).toBe(false);
  expect(
    isFilament(
      mapOf(() => 0.7),
      middle,
    ),
  ).toBe(false);
});

test("picks stay along the axis at their distance, and shadows beside it go", () => {
  const place = (along: number, off = 0): Vector3 => ({ x: middle.x, y: middle.y + along, z: middle.z + off });
  const axis = [place(-16), place(-8), place(0), place(8), place(16)];
  const others = [place(2), place(4, 18), place(0, 60)];
  const stays = onFilaments([...axis, ...others], filamentAlong({ x: 0, y: 1, z: 0 }), { spacingVoxels: 6 });
  expect(stays.slice(0, 5)).toEqual([true, true, true, true, true]);
  expect(stays.slice(5)).toEqual([false, false, true]);
});
