import { describe, expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import { proceduralComplex } from "../../complexes/procedural.js";
import { bilayerProfile, ellipsoidDistance } from "./membrane.js";
import { packSpecimen } from "./pack-specimen.js";
import { type SpecimenOptions, STRUCTURE_KINDS } from "./specimen.js";

const VOXEL = 10;
const complexes = [proceduralComplex(createRandom(5), { maximumKilodalton: 400 })];
const shape = [64, 96, 96] as const;
const base: SpecimenOptions = { shape, voxelSizeAngstrom: VOXEL, amount: { particles: 0 }, marginVoxels: 1 };
const pack = (overrides: Partial<SpecimenOptions>) =>
  packSpecimen({ ...base, ...overrides }, complexes, createRandom(3));
const at = (x: number, y: number, z: number) => (z * shape[1] + y) * shape[2] + x;

describe("vesicles", () => {
  test("have two leaflets with less than water between, and leave their inside free", async () => {
    const { structures, density, classLabels, report } = await pack({
      vesicles: { count: 1, radiusAngstrom: [200, 200], elongation: [1, 1] },
    });
    expect(report.placedStructures.membrane).toBe(1);
    const { positionAngstrom: p, sizeAngstrom } = structures[0];
    for (const axis of sizeAngstrom) expect(axis).toBeCloseTo(200, 9);
    const [x, y, z] = [p.x / VOXEL, p.y / VOXEL, p.z / VOXEL];
    const along = (radius: number) => density[at(x + radius, y, z)];
    expect(along(18)).toBeGreaterThan(0);
    expect(along(22)).toBeGreaterThan(0);
    expect(along(20)).toBeLessThan(0);
    expect([along(0), along(16), along(24)]).toEqual([0, 0, 0]);
    expect(classLabels[at(x + 20, y, z)]).toBe(2);
    expect(classLabels[at(x, y, z)]).toBe(0);
  });
  test("the profile keeps its content whatever the voxel", () => {
    const content = (voxel: number) => {
      let sum = 0;
      for (let d = -80; d <= 80; d += 0.5) sum += 0.5 * bilayerProfile(d, voxel);
      return sum;
    };
    expect(content(10)).toBeCloseTo(content(1), 3);
  });
  test("distances are exact for spheres and on the axes of ellipsoids", () => {
    expect(ellipsoidDistance([5, 5, 5], [3, 4, 0])).toBeCloseTo(0, 12);
    expect(ellipsoidDistance([5, 5, 5], [0, 0, 8])).toBeCloseTo(3, 12);
    expect(ellipsoidDistance([2, 3, 7], [0, 0, 8])).toBeCloseTo(1, 12);
  });
});

describe("filaments", () => {
  test("a microtubule has the mass of its subunits, a wall, and an empty lumen", async () => {
    const { structures, density, instanceLabels, classLabels } = await pack({
      filaments: { actin: 0, microtubules: 1 },
    });
    const { sizeAngstrom, instance } = structures[0];
    const length = sizeAngstrom[1];
    const mass = density.reduce((sum, value) => sum + value, 0);
    // 13 monomers of 50 kDa every 40.9 Å; the ends are cut by the volume's faces
    const share = mass / ((13 * 50 * length) / 40.9);
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(1.02);
    let inside = 0;
    for (let i = 0; i < density.length; i++) if (instanceLabels[i] === instance) inside += density[i];
    expect(inside / mass).toBeGreaterThan(0.98);
    expect(new Set(classLabels)).toEqual(new Set([0, 4]));
  });
});

describe("gold", () => {
  test("beads weigh what gold weighs", async () => {
    const { density, report } = await pack({ gold: { count: 2, diameterAngstrom: 100 } });
    expect(report.placedStructures.gold).toBe(2);
    const mass = density.reduce((sum, value) => sum + value, 0);
    expect(mass / (2 * (Math.PI / 6) * 100 ** 3 * 0.01162)).toBeCloseTo(1, 1);
  });
});

test("particles keep clear of structures, and every label has its place in the list", async () => {
  const specimen = await pack({
    amount: { particles: 20 },
    vesicles: { count: 1, radiusAngstrom: [150, 250], elongation: [1.2, 1.6] },
    filaments: { actin: 2, microtubules: 0 },
    gold: { count: 1, diameterAngstrom: 100 },
  });
  const { particles, structures, instanceLabels, classLabels, classNames, report } = specimen;
  expect(report.placedStructures).toEqual({ membrane: 1, actin: 2, microtubule: 0, gold: 1 });
  expect(classNames).toEqual([complexes[0].name, ...STRUCTURE_KINDS]);
  const classOf = new Map<number, number>([
    [0, 0],
    ...particles.map(({ instance, complexIndex }) => [instance, complexIndex + 1] as const),
    ...structures.map(({ instance, classNumber }) => [instance, classNumber] as const),
  ]);
  let disagreeing = 0;
  for (let i = 0; i < classLabels.length; i++) if (classOf.get(instanceLabels[i]) !== classLabels[i]) disagreeing++;
  expect(disagreeing).toBe(0);
  expect(report.occupancyWithStructures).toBeCloseTo(
    classLabels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0) / classLabels.length,
    9,
  );
});

test("what finds no room is reported", async () => {
  const { report } = await pack({ vesicles: { count: 2, radiusAngstrom: [900, 900], elongation: [1, 1] } });
  expect(report.placedStructures.membrane).toBe(0);
  expect(report.reason).toBe("Only 0 of 2 membrane found room in 200 attempts each.");
});
