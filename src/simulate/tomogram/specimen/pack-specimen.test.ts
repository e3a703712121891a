import { describe, expect, test } from "vitest";
import { createRandom, gaussianFilterInPlace, quaternionToMatrix } from "../../../volume/index.js";
import type { Complex } from "../../complexes/complex.js";
import { proceduralComplex } from "../../complexes/procedural.js";
import { splat } from "../../particle/splat.js";
import { packSpecimen } from "./pack-specimen.js";
import type { Specimen, SpecimenOptions } from "./specimen.js";

const VOXEL = 10;
const complexes = [0, 1, 2].map((i) => proceduralComplex(createRandom(5).fork("class", i), { maximumKilodalton: 800 }));
const options: SpecimenOptions = {
  shape: [48, 96, 80],
  voxelSizeAngstrom: VOXEL,
  amount: { particles: 40 },
  marginVoxels: 1,
};
const pack = (overrides: Partial<SpecimenOptions> = {}, seed = 1) =>
  packSpecimen({ ...options, ...overrides }, complexes, createRandom(seed));

/** The mask that simulated single particles have (renderer.ts), drawn at a stated pose in an empty volume. */
function drawMask({ shape }: Specimen, complex: Complex, particle: Specimen["particles"][number]): Uint8Array {
  const alone = new Float32Array(shape[0] * shape[1] * shape[2]);
  const { x, y, z } = particle.positionAngstrom;
  splat(
    alone,
    shape,
    { positions: complex.positionsAngstrom, weights: complex.weights },
    { matrix: quaternionToMatrix(particle.orientation, 1 / VOXEL), x: x / VOXEL, y: y / VOXEL, z: z / VOXEL },
  );
  gaussianFilterInPlace(alone, shape, 8 / VOXEL);
  const level = 0.35 * alone.reduce((highest, value) => Math.max(highest, value), 0);
  return Uint8Array.from(alone, (value) => (value > level ? 1 : 0));
}

function dice(one: Uint8Array, other: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    both += one[i] * other[i];
    sum += one[i] + other[i];
  }
  return (2 * both) / sum;
}

describe("a packed specimen", () => {
  test("holds what was asked for, and its truth agrees with itself", async () => {
    const specimen = await pack();
    const { particles, report, density, classLabels, instanceLabels } = specimen;
    expect(report).toMatchObject({ requested: 40, placed: 40, reason: undefined });
    expect(report.placedPerClass).toEqual(report.requestedPerClass);
    expect(particles.map(({ instance }) => instance)).toEqual(particles.map((_, i) => i + 1));
    const mass = particles.reduce((sum, { complexIndex }) => sum + complexes[complexIndex].massKilodalton, 0);
    expect(density.reduce((sum, value) => sum + value, 0) / mass).toBeCloseTo(1, 4);
    let labelled = 0;
    let disagreeing = 0;
    for (let i = 0; i < classLabels.length; i++) {
      const instance = instanceLabels[i];
      if (classLabels[i] !== (instance === 0 ? 0 : particles[instance - 1].complexIndex + 1)) disagreeing++;
      if (instance > 0) labelled++;
    }
    expect(disagreeing).toBe(0);
    expect(report.occupancy).toBeCloseTo(labelled / classLabels.length, 9);
  });

  test("drawing each particle at its stated pose covers its label", async () => {
    const specimen = await pack({ amount: { particles: 12 } });
    for (const particle of specimen.particles) {
      const drawn = drawMask(specimen, complexes[particle.complexIndex], particle);
      const label = Uint8Array.from(specimen.instanceLabels, (value) => (value === particle.instance ? 1 : 0));
      expect(dice(label, drawn)).toBeGreaterThan(0.95);
    }
  });

  test("no surface comes within the margin of another", async () => {
    for (const marginVoxels of [1, 2]) {
      const specimen = await pack({ marginVoxels, amount: { occupancy: 0.2 } });
      const { instanceLabels: labels } = specimen;
      const [nz, ny, nx] = specimen.shape;
      let nearest = Number.POSITIVE_INFINITY;
      for (let z = 2; z < nz - 2; z++)
        for (let y = 2; y < ny - 2; y++)
          for (let x = 2; x < nx - 2; x++) {
            const here = labels[(z * ny + y) * nx + x];
            if (here === 0) continue;
            for (let k = -2; k <= 2; k++)
              for (let j = -2; j <= 2; j++)
                for (let i = -2; i <= 2; i++) {
                  const there = labels[((z + k) * ny + y + j) * nx + x + i];
                  if (there === 0 || there === here) continue;
                  nearest = Math.min(nearest, Math.max(Math.abs(i), Math.abs(j), Math.abs(k)));
                }
          }
      expect(nearest).toBeGreaterThan(marginVoxels);
    }
  });

  test("each class has the count asked for, and orientations are all over", async () => {
    const { particles, report } = await pack({ amount: { counts: [0, 30, 5] } });
    expect(report.placedPerClass).toEqual([0, 30, 5]);
    // the mean of the rotated z axes of 35 uniform rotations lies near zero: its deviation is 1 / sqrt(3 * 35) an axis
    const axes = particles.map(({ orientation }) => quaternionToMatrix(orientation));
    for (const row of [2, 5, 8] as const)
      expect(Math.abs(axes.reduce((sum, matrix) => sum + matrix[row], 0) / 35)).toBeLessThan(4 / Math.sqrt(105));
  });

  test("the same seed gives the same specimen, another seed another", async () => {
    const [first, again, other] = [await pack(), await pack(), await pack({}, 2)];
    expect(again.particles).toEqual(first.particles);
    for (const name of ["density", "classLabels", "instanceLabels"] as const)
      expect(Buffer.from(again[name].buffer).equals(Buffer.from(first[name].buffer))).toBe(true);
    expect(other.particles[0]).not.toEqual(first.particles[0]);
  });

  test("too much is reported, not hidden, and fills more than random draws can", async () => {
    const { report, particles } = await pack({ amount: { occupancy: 0.6 } });
    expect(report.placed).toBeLessThan(report.requested);
    expect(report.placed).toBe(particles.length);
    expect(report.reason).toContain("No room was left for another");
    // random draws alone end at 0.105 here
    expect(report.occupancy).toBeGreaterThan(0.12);
  });

  test("options that cannot be are refused", async () => {
    await expect(pack({ amount: { counts: [1, 2] } })).rejects.toThrow("2 counts do not fit 3 classes");
    await expect(pack({ shape: [8, 96, 80] })).rejects.toThrow("shape [8, 96, 80]");
    await expect(pack({ amount: { occupancy: 1.5 } })).rejects.toThrow("occupancy of 1.5");
    await expect(pack({ weights: [0, 0, 0] })).rejects.toThrow("the weights");
  });
});
