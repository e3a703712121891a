import { expect, test } from "vitest";
import type { ParticleFormat } from "../formats.js";
import { writeParticleList } from "../write.js";
import { renamingText } from "./renaming.js";

const dashed = (name: string) => name.replaceAll(" ", "-");

test("names that change are listed with what they become, those that do not are not", () => {
  expect(renamingText(["TRiC", undefined], dashed)).toBeUndefined();
  expect(renamingText(["TRiC", "80S ribosome", "80S ribosome"], dashed)).toBe(
    '"80S ribosome" is written as 80S-ribosome',
  );
  const many = Array.from({ length: 20 }, (_, index) => `class ${index}`);
  expect(renamingText(many, dashed)).toMatch(/^"class 0" is written as class-0, .*, and 14 more likewise$/);
});

test("classes that SHREC lists and IMOD models call otherwise are said, and must stay apart", () => {
  const write = (format: ParticleFormat, ...classNames: string[]) =>
    writeParticleList(
      {
        particles: classNames.map((className) => ({
          className,
          positionAngstrom: { x: 10, y: 20, z: 30 },
          extra: {},
        })),
        ...{ origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: 10, warnings: [] },
      },
      { format },
    ).notes;
  const long = "ä".repeat(40);
  expect(write("shrec", "80S ribosome", "TRiC")).toEqual(['"80S ribosome" is written as 80S-ribosome']);
  expect(write("shrec", "1")).toEqual(['"1" is written as class-1']);
  expect(write("imod", long, "TRiC")).toEqual([`"${long}" is written as ${"ä".repeat(31)}`]);
  expect(write("csv", "80S ribosome", long)).toEqual([]);
  expect(() => write("shrec", "a b", "a-b")).toThrow("two classes would be called a-b in a SHREC particle list");
  expect(() => write("imod", `${long}1`, `${long}2`)).toThrow(/two classes would be called ä+ in an? IMOD model/);
});
