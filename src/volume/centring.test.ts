import { describe, expect, it } from "vitest";
import { centreOfMass, mirrorHand } from "./centring.js";
import { symmetryOperators } from "./symmetry/point-group.js";
import { symmetriseVolume } from "./symmetry/symmetrise.js";
import { createVolume } from "./volume.js";

describe.each([8, 9])("a map of %i^3 voxels", (n) => {
  const centre = Math.floor(n / 2);
  const at = (x: number, y: number, z: number) => ((centre + z) * n + centre + y) * n + centre + x;
  const map = createVolume([n, n, n], 10);
  map.data[at(2, 1, -1)] = 3;
  map.data[at(0, 1, 1)] = 1;

  it("has its centre of mass counted from the box centre", () => {
    expect(centreOfMass(map)).toEqual({ x: 1.5, y: 1, z: -0.5 });
    expect(centreOfMass(map, 2)).toEqual({ x: 2, y: 1, z: -1 });
    expect(centreOfMass(map, 3)).toBeUndefined();
  });

  it("mirrored has the other hand about the same centre, and twice mirrored its own", () => {
    const mirrored = mirrorHand(map);
    expect(mirrored.data[at(-2, 1, -1)]).toBe(3);
    expect(mirrored.data[at(0, 1, 1)]).toBe(1);
    expect(mirrorHand(mirrored).data).toEqual(map.data);
  });

  it("symmetrised has an equal part of each point at all its equivalents", () => {
    const { data } = symmetriseVolume(map, symmetryOperators("C4"));
    for (const [x, y] of [
      [2, 1],
      [-1, 2],
      [-2, -1],
      [1, -2],
    ])
      expect(data[at(x, y, -1)]).toBeCloseTo(0.75, 5);
  });
});
