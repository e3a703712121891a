import { expect, test } from "vitest";
import { createRandom, createVolume, type Volume } from "../../volume/index.js";
import { type Beads, mergeBeads } from "./beads.js";
import { complexFromAtoms } from "./from-atoms.js";
import { complexFromMap } from "./from-map.js";

test("merging beads keeps mass and centre, bounds their number, and moves none farther than its cell", () => {
  const random = createRandom(4);
  const count = 20_000;
  const beads: Beads = {
    positions: Float32Array.from({ length: 3 * count }, () => random.uniform(-60, 60)),
    weights: Float32Array.from({ length: count }, () => random.uniform(0.01, 0.03)),
  };
  const merged = mergeBeads(beads, { maximumBeads: 5000 });
  expect(merged.weights.length).toBeLessThanOrEqual(5000);
  const moments = ({ positions, weights }: Beads) => {
    const sums = [0, 0, 0, 0];
    for (let p = 0; p < positions.length; p++) sums[p % 3] += weights[Math.floor(p / 3)] * positions[p];
    for (const weight of weights) sums[3] += weight;
    return sums;
  };
  moments(merged).forEach((value, i) => {
    expect(value).toBeCloseTo(moments(beads)[i], 1);
  });
});

test("atoms weigh what their elements weigh, hydrogen is left out, and the centre of mass is the origin", () => {
  const complex = complexFromAtoms(
    {
      positionsAngstrom: Float32Array.of(0, 0, 0, 100, 0, 0, 0, 50, 0),
      elements: ["C", "Se", "H"],
      atomNames: ["CB", "SE", "HA"],
    },
    { name: "two atoms" },
  );
  expect(complex.massKilodalton).toBeCloseTo(((12.011 + 78.97) * 1.07) / 1000, 6);
  expect(complex.positionsAngstrom[3] - complex.positionsAngstrom[0]).toBeCloseTo(100, 4);
  expect(complex.positionsAngstrom[3] * 78.97).toBeCloseTo(-complex.positionsAngstrom[0] * 12.011, 1);
  expect(complex.positionsAngstrom[1]).toBe(0);
  expect(complex.source).toBe("structure");
});

test("a C-alpha trace weighs as much as the residues it stands for; calcium is not C-alpha", () => {
  const trace = (element: string) =>
    complexFromAtoms(
      {
        positionsAngstrom: Float32Array.from({ length: 300 }, (_, i) => 10 * i),
        elements: Array.from({ length: 100 }, () => element),
        atomNames: Array.from({ length: 100 }, () => "CA"),
      },
      { name: "trace" },
    );
  expect(trace("C").massKilodalton).toBeCloseTo(11, 3);
  expect(trace("CA").massKilodalton).toBeCloseTo((100 * 40.078 * 1.07) / 1000, 3);
});

test("nothing to draw is an error that names the structure", () => {
  const atoms = { positionsAngstrom: new Float32Array(0), elements: [], atomNames: [] };
  expect(() => complexFromAtoms(atoms, { name: "empty.pdb" })).toThrow("empty.pdb: no density to draw");
});

/** A ball of even density 5 with a soft rim, off centre, in a box that leaves it room. */
function ballMap(radiusAngstrom: number, voxelSizeAngstrom: number): Volume {
  const n = Math.ceil((2.8 * radiusAngstrom) / voxelSizeAngstrom);
  const volume = createVolume([n, n, n], voxelSizeAngstrom);
  for (let z = 0, at = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, at++) {
        const distance = voxelSizeAngstrom * Math.hypot(x - n / 2 + 1, y - n / 2, z - n / 2);
        volume.data[at] = 5 / (1 + Math.exp((distance - radiusAngstrom) / 3));
      }
  return volume;
}

test.each([2, 4, 7.5, 10])("a ball's map at %f Å voxels becomes a ball of its mass and size", (voxelSize) => {
  const complex = complexFromMap(ballMap(60, voxelSize), { name: "ball" });
  const expected = (4 / 3) * Math.PI * 60 ** 3 * (1 / 1210);
  expect(Math.abs(complex.massKilodalton / expected - 1)).toBeLessThan(0.06);
  // sqrt(3/5) 60 Å = 46.5 Å for a sharp rim
  expect(Math.abs(complex.gyrationRadiusAngstrom - 46.5)).toBeLessThan(2.5);
  expect(complex.weights.length).toBeGreaterThan(1000);
  expect(complex.weights.length).toBeLessThan(8000);
});

test("maps without a particle, and thresholds that miss it, are refused", () => {
  const hint = expect.objectContaining({ hint: expect.stringContaining("threshold") });
  for (const [volume, threshold] of [
    [createVolume([8, 8, 8], 10), undefined],
    [ballMap(60, 10), 50],
    [ballMap(60, 10), -1],
  ] as const) {
    let thrown: unknown;
    try {
      complexFromMap(volume, { name: "map", ...(threshold !== undefined && { threshold }) });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(hint);
  }
});
