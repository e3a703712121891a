import { describe, expect, test } from "vitest";
import { packSpecimen, proceduralComplex } from "../simulate/index.js";
import { createRandom, meanAndDeviation } from "../volume/index.js";
import { drawScene } from "./scene.js";
import { STEPS_PER_DEVIATION, trainingSpecimen } from "./specimen.js";

describe("a specimen to train on", () => {
  test("has standardised fields, the particles' mask without gold, and their sizes", async () => {
    const random = createRandom(4);
    const complexes = [proceduralComplex(random.fork("a"), { minimumKilodalton: 300, maximumKilodalton: 500 })];
    const packed = await packSpecimen(
      {
        shape: [40, 44, 48],
        voxelSizeAngstrom: 10,
        amount: { particles: 6 },
        marginVoxels: 1,
        gold: { count: 1, diameterAngstrom: 80 },
      },
      complexes,
      random.fork("packing"),
    );
    const noise = Float32Array.from({ length: packed.density.length }, () => 5 + 2 * random.normal());
    const specimen = trainingSpecimen(packed, packed.density.slice(), noise);
    expect(specimen.centres.length).toBe(4 * packed.particles.length);
    expect(packed.particles.length).toBe(6);
    const { x, y, z } = packed.particles[2].positionAngstrom;
    expect([...specimen.centres.subarray(8, 11)]).toEqual([x / 10, y / 10, z / 10].map(Math.fround));
    // A protein of this mass fills 1210 cubic Ångström a kilodalton; labels end where the surface is, within a third.
    const massRadius = Math.cbrt((3 * complexes[0].massKilodalton * 1210) / (4 * Math.PI)) / 10;
    expect(specimen.centres[11] / massRadius).toBeGreaterThan(0.9);
    expect(specimen.centres[11] / massRadius).toBeLessThan(1.35);
    const goldVoxels = packed.classLabels.filter((label) => label > 1).length;
    expect(goldVoxels).toBeGreaterThan(100);
    expect(specimen.instances.filter((instance) => instance > 0).length).toBe(
      packed.classLabels.filter((label) => label === 1).length,
    );
    const { mean, deviation } = meanAndDeviation(Float32Array.from(specimen.noise));
    expect(mean / STEPS_PER_DEVIATION).toBeCloseTo(0, 2);
    expect(deviation / STEPS_PER_DEVIATION).toBeCloseTo(1, 2);
    // White noise loses nearly all of its power to a filter, the density of particles much less.
    expect(specimen.blurred.noise[0]).toBe(1);
    expect(specimen.blurred.noise[2]).toBeLessThan(0.1);
    expect(specimen.blurred.noiseFree[2]).toBeGreaterThan(0.4);
  });
});

test("scenes differ in crowding, tilt and optics, and a seed decides them", () => {
  const draw = (seed: number) => drawScene(createRandom(seed), 3, [48, 64, 64]);
  expect(draw(1)).toEqual(draw(1));
  const scenes = Array.from({ length: 60 }, (_, seed) => draw(seed));
  const tilts = scenes.map(({ imaging }) => imaging.scheme.highestDegrees!);
  expect(Math.min(...tilts)).toBeLessThan(45);
  expect(Math.max(...tilts)).toBeGreaterThan(65);
  expect(scenes.some(({ imaging }) => imaging.contrastTransfer === false)).toBe(true);
  expect(scenes.some(({ specimen }) => specimen.vesicles !== undefined)).toBe(true);
  expect(scenes.some(({ specimen }) => specimen.gold !== undefined)).toBe(true);
  expect(scenes.every(({ specimen }) => specimen.weights!.length === 3)).toBe(true);
});
