import { expect, test } from "vitest";
import { positionIn } from "./position-in-tomogram.js";

const tomogram = { path: "TS_01.mrc", sizeAngstrom: { x: 400, y: 480, z: 320 } };
const at = (x: number, y: number, z: number) => ({ positionAngstrom: { x, y, z }, extra: {} });
const stated = { what: "example", origin: "first-voxel", where: "clicks.csv, particle 1" } as const;

test("positions count from the first voxel, wherever the list counts from", () => {
  expect(positionIn(tomogram, at(10, 20, 30), stated)).toEqual({ x: 10, y: 20, z: 30 });
  expect(positionIn(tomogram, at(-10, 20, 30), { ...stated, origin: "tomogram-centre" })).toEqual({
    ...{ x: 190, y: 260, z: 190 },
  });
});

test("one outside is named with its position, the tomogram's size and what to do", () => {
  const outside = () => positionIn(tomogram, at(340, 160, 640), stated);
  expect(outside).toThrow("clicks.csv, particle 1: the example lies outside TS_01.mrc");
  expect(outside).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/at x, y, z 340, 160, 640 Å .* 400, 480, 320 Å.*--examples-tomogram/),
    }),
  );
  const particle = () => positionIn(tomogram, at(340, 160, 640), { ...stated, what: "particle" });
  expect(particle).toThrow(expect.objectContaining({ hint: expect.not.stringContaining("--examples-tomogram") }));
});
