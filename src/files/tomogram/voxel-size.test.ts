import { expect, test } from "vitest";
import { chooseVoxelSize, type VoxelSizeClaims } from "./voxel-size.js";

const choose = (claims: Partial<VoxelSizeClaims>) =>
  chooseVoxelSize("t.mrc", {
    shape: [64, 64, 64],
    ...{ told: undefined, listed: undefined, header: undefined, fallback: undefined, isSpecimen: true, ...claims },
  });
const listed = { angstrom: 10, by: "picks.star" };

test("the user counts for more than a list, a list for more than the header", () => {
  expect(choose({ told: 8, listed, header: 1 })).toEqual({
    voxelSizeAngstrom: 8,
    source: "as --voxel-size says",
    warnings: ["voxels of 8 Å, as --voxel-size says; picks.star says 10 Å"],
  });
  expect(choose({ listed, header: 13.48 })).toEqual({
    voxelSizeAngstrom: 10,
    source: "as picks.star says",
    warnings: ["voxels of 10 Å, as picks.star says; the header says 13.48 Å. --voxel-size decides"],
  });
  expect(choose({ header: 13.48 })).toEqual({
    voxelSizeAngstrom: 13.48,
    source: "as the header says",
    warnings: [],
  });
});

test("positions that the tomogram holds by its header alone are of the same tomogram in other voxels", () => {
  const upTo = (x: number) => ({ listed: { ...listed, reachAngstrom: { x, y: 100, z: 100 } } });
  expect(choose({ ...upTo(1270), header: 20 })).toEqual({
    voxelSizeAngstrom: 20,
    source: "as the header says",
    warnings: [
      "voxels of 20 Å, as the header says; picks.star says 10 Å, by which its positions would be outside. --voxel-size decides",
    ],
  });
  for (const claims of [
    { ...upTo(630), header: 20 },
    { ...upTo(630), header: 1.35 },
    { ...upTo(1290), header: 20 },
  ])
    expect(choose(claims)).toMatchObject({ voxelSizeAngstrom: 10, source: "as picks.star says" });
  expect(choose({ ...upTo(1270), header: 1 })).toMatchObject({ voxelSizeAngstrom: 10, warnings: [] });
});

test("what the user says instead of the header is stated, not doubted; a header of 1 Å says nothing", () => {
  expect(choose({ told: 10, header: 13.48 })).toMatchObject({
    ...{ source: "as --voxel-size says, instead of the header's 13.48 Å", warnings: [] },
  });
  expect(choose({ told: 10, header: 1 })).toMatchObject({ source: "as --voxel-size says", warnings: [] });
  expect(choose({ told: 13.48, header: 13.4801 })).toMatchObject({ source: "as --voxel-size says", warnings: [] });
  expect(choose({ listed, header: 1 }).warnings).toEqual([]);
  expect(choose({ listed, header: undefined }).warnings).toEqual([]);
});

test("a header of exactly 1 Å, or without a size, says nothing of a tomogram", () => {
  expect(() => choose({ header: 1 })).toThrow("t.mrc: the header says voxels of exactly 1 Å");
  expect(() => choose({})).toThrow("t.mrc: the file does not state its voxel size");
  expect(choose({ header: 1, fallback: 7 })).toMatchObject({ voxelSizeAngstrom: 7 });
  expect(choose({ told: 1, header: 1 })).toMatchObject({ voxelSizeAngstrom: 1, warnings: [] });
  expect(choose({ header: 1, isSpecimen: false })).toMatchObject({ voxelSizeAngstrom: 1, warnings: [] });
});

test("sizes that tomograms hardly have are doubted", () => {
  for (const header of [0.1, 1.08, 55, 10_000])
    expect(choose({ header }).warnings.join(), String(header)).toMatch(
      /mostly 2 to 40 Å. If it is wrong, give --voxel-/,
    );
  for (const header of [2, 16.4, 40]) expect(choose({ header }).warnings).toEqual([]);
});
