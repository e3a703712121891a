import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, enclosedVolume, longestExtent, type SurfaceMesh, surfaceArea, surfaceMesh } from "../index.js";

const N = 24;

function field(inside: (x: number, y: number, z: number) => number, n = N): Float32Array {
  const c = n / 2;
  return Float32Array.from({ length: n ** 3 }, (_, i) =>
    inside((i % n) - c, (Math.floor(i / n) % n) - c, Math.floor(i / n / n) - c),
  );
}

/** How often each edge is walked from its lower to its higher vertex, and the other way. */
function edgeUse({ triangles }: SurfaceMesh): Map<string, [number, number]> {
  const uses = new Map<string, [number, number]>();
  for (let t = 0; t < triangles.length; t += 3)
    for (let k = 0; k < 3; k++) {
      const [from, to] = [triangles[t + k], triangles[t + ((k + 1) % 3)]];
      const key = `${Math.min(from, to)} ${Math.max(from, to)}`;
      const use = uses.get(key) ?? [0, 0];
      use[from < to ? 0 : 1]++;
      uses.set(key, use);
    }
  return uses;
}

function expectWatertight(mesh: SurfaceMesh): void {
  for (const use of edgeUse(mesh).values()) expect(use).toEqual([1, 1]);
}

/** Lattice effects of marching cubes on a ball of 8 voxels radius: chords lie inside of the curved surface. */
const VOLUME_TOLERANCE = 0.01;
const AREA_TOLERANCE = 0.02;

describe("surface meshes", () => {
  test("a ball has its volume and area, faces outwards, and is closed", () => {
    const mesh = surfaceMesh(
      field((x, y, z) => 8.3 - Math.hypot(x, y, z)),
      [N, N, N],
      0,
    );
    expectWatertight(mesh);
    expect(Math.abs(enclosedVolume(mesh) / ((4 / 3) * Math.PI * 8.3 ** 3) - 1)).toBeLessThan(VOLUME_TOLERANCE);
    expect(Math.abs(surfaceArea(mesh) / (4 * Math.PI * 8.3 ** 2) - 1)).toBeLessThan(AREA_TOLERANCE);
    for (let i = 0; i < mesh.positions.length; i += 3) {
      const outward = [0, 1, 2].reduce((sum, k) => sum + mesh.normals[i + k] * (mesh.positions[i + k] - N / 2), 0);
      expect(outward / 8.3).toBeGreaterThan(0.9);
    }
    // One sphere: vertices - edges + triangles = 2.
    expect(mesh.positions.length / 3 - edgeUse(mesh).size + mesh.triangles.length / 3).toBe(2);
  });

  test("any field at all gives a closed, oriented mesh whose every edge has two triangles", () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, binary) => {
        const random = createRandom(seed);
        // Binary noise has every ambiguous case many times over.
        const noise = Float32Array.from({ length: 7 * 6 * 5 }, () => (binary ? random.integer(2) : random.next()));
        expectWatertight(surfaceMesh(noise, [7, 6, 5], 0.5));
      }),
      { numRuns: 60 },
    );
  });

  test("the mesh of a rectangular field lies where the field does", () => {
    const single = new Float32Array(4 * 5 * 6);
    single[(2 * 5 + 3) * 6 + 4] = 1;
    const { positions, triangles } = surfaceMesh(single, [4, 5, 6], 0.5);
    expect(triangles.length / 3).toBe(8);
    const mean = [0, 1, 2].map((axis) => positions.filter((_, i) => i % 3 === axis).reduce((a, b) => a + b) / 6);
    expect(mean).toEqual([4, 3, 2]);
  });

  test("stay closed where the object touches the border or is not a number, and are empty for nothing", () => {
    const full = surfaceMesh(new Float32Array(8).fill(1), [2, 2, 2], 0.5);
    expectWatertight(full);
    expect(full.triangles.length).toBeGreaterThan(0);
    expect(surfaceMesh(new Float32Array(8), [2, 2, 2], 0.5).triangles).toHaveLength(0);
    const broken = new Float32Array(27).fill(1);
    broken[13] = Number.NaN;
    const hollow = surfaceMesh(broken, [3, 3, 3], 0.5);
    expectWatertight(hollow);
    expect(hollow.positions.every(Number.isFinite)).toBe(true);
    expect(enclosedVolume(hollow)).toBeLessThan(enclosedVolume(surfaceMesh(broken.fill(1), [3, 3, 3], 0.5)));
  });

  test("values that equal the level do not put vertices on one point", () => {
    const { positions } = surfaceMesh(
      field((x, y, z) => 4 - Math.abs(x) - Math.abs(y) - Math.abs(z)),
      [N, N, N],
      0,
    );
    const places = new Set<string>();
    for (let i = 0; i < positions.length; i += 3) places.add(positions.subarray(i, i + 3).join());
    expect(places.size).toBe(positions.length / 3);
  });
});

describe("measures", () => {
  // A box of 2 x 3 x 6 from the origin, turned outwards.
  const box: Pick<SurfaceMesh, "positions" | "triangles"> = {
    positions: Float32Array.from(
      [0, 1, 2, 3, 4, 5, 6, 7].flatMap((c) => [c & 1 ? 2 : 0, c & 2 ? 3 : 0, c & 4 ? 6 : 0]),
    ),
    triangles: Uint32Array.from(
      [
        [0, 2, 3, 1],
        [4, 5, 7, 6],
        [0, 1, 5, 4],
        [2, 6, 7, 3],
        [0, 4, 6, 2],
        [1, 3, 7, 5],
      ].flatMap(([a, b, c, d]) => [a!, b!, c!, a!, c!, d!]),
    ),
  };
  test("of a box are its own", () => {
    expect(enclosedVolume(box)).toBeCloseTo(36, 6);
    expect(surfaceArea(box)).toBeCloseTo(2 * (6 + 12 + 18), 6);
    expect(longestExtent(box)).toBeCloseTo(7, 6);
  });
  test("of nothing are zero", () => {
    const nothing = { positions: new Float32Array(0), triangles: new Uint32Array(0) };
    expect([enclosedVolume(nothing), surfaceArea(nothing), longestExtent(nothing)]).toEqual([0, 0, 0]);
  });
  test("the longest extent of points in any direction is never too long, nor too short by more than stated", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed);
        const positions = Float32Array.from({ length: 90 }, () => random.normal());
        let exact = 0;
        for (let i = 0; i < 90; i += 3)
          for (let j = 0; j < i; j += 3)
            exact = Math.max(exact, Math.hypot(...[0, 1, 2].map((k) => positions[i + k] - positions[j + k])));
        const found = longestExtent({ positions });
        expect(found).toBeLessThanOrEqual(exact + 1e-9);
        expect(found).toBeGreaterThan(0.987 * exact);
      }),
      { numRuns: 20 },
    );
  });
});
