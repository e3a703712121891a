import { expect, test } from "vitest";
import { readParticleList } from "../read.js";
import { writeParticleList } from "../write.js";
import type { ParticleList } from "./particle-list.js";
import { commonFact, statedContrast, statedVoxelSize, tomogramFactColumns } from "./tomogram-facts.js";

const list = (...extras: Readonly<Record<string, string>>[]): ParticleList => ({
  particles: extras.map((extra) => ({ positionAngstrom: { x: 10, y: 20, z: 30 }, extra })),
  ...{ origin: "first-voxel", voxelSizeAngstrom: 10, coordinatePixelSizeAngstrom: 10, warnings: [] },
});
const dark = tomogramFactColumns({ contrast: "dark", voxelSizeAngstrom: 10.52 });

test("lists carry contrast and voxel size of their tomogram through STAR and CSV", () => {
  for (const format of ["relion5", "relion3.1", "csv"] as const) {
    const tomogramSizeAngstrom = { x: 1000, y: 1000, z: 1000 };
    const { content } = writeParticleList(list(dark, dark), { format, tomogramSizeAngstrom });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const { particles } = readParticleList(bytes, { format, tomogramSizeAngstrom });
    expect(commonFact(particles, "l", statedContrast), format).toBe("dark");
    expect(commonFact(particles, "l", statedVoxelSize), format).toBe(10.52);
  }
});

test("what only some particles state, or not all alike, is not common", () => {
  expect(commonFact(list(dark, {}).particles, "l", statedContrast)).toBeUndefined();
  expect(commonFact(list(dark, { ...dark, cosnetContrast: "bright" }).particles, "l", statedContrast)).toBeUndefined();
  expect(commonFact([], "l", statedContrast)).toBeUndefined();
});

test("other words and numbers are refused with the particle", () => {
  expect(() => commonFact(list(dark, { cosnetContrast: "black" }).particles, "l.star", statedContrast)).toThrow(
    'l.star, particle 2: column cosnetContrast holds "black"',
  );
  for (const size of ["0", "-1", "1e999", "NaN", "big"])
    expect(() => statedVoxelSize({ extra: { cosnetTomogramVoxelSizeAngst: size } }, "l.star"), size).toThrow(
      "cosnetTomogramVoxelSizeAngst",
    );
});
