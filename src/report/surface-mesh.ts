import type { Shape3 } from "../volume/index.js";

/** A triangle mesh in voxel coordinates of the field it came from (x, y, z per vertex; voxel centres are integers). */
export interface SurfaceMesh {
  readonly positions: Float32Array;
  /** Unit vectors that point out of the object. */
  readonly normals: Float32Array;
  /** Three vertex indices a triangle, anticlockwise when seen from outside. */
  readonly triangles: Uint32Array;
}

/**
 * The surface where `field` crosses `level`, high values inside, by naive surface nets (S. Gibson, MERL 1998): one vertex in
 * every crossed cell, at the mean of its edge crossings, and one quad across every crossed edge. Outside of the field counts
 * as below the level, so that the mesh is closed.
 */
export function surfaceMesh(field: ArrayLike<number>, shape: Shape3, level: number): SurfaceMesh {
  const [nz, ny, nx] = shape;
  const outside = Math.min(0, level - 1e-6 * (Math.abs(level) + 1));
  const value = (x: number, y: number, z: number) =>
    x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? outside : field[(z * ny + y) * nx + x]!;
  const positions: number[] = [];
  const triangles: number[] = [];
  // cell (x, y, z) has its lowest corner at voxel (x, y, z) and starts at -1
  const sizeX = nx + 1;
  const sizeY = ny + 1;
  const vertexOfCell = new Int32Array(sizeX * sizeY * (nz + 1)).fill(-1);
  const cell = (x: number, y: number, z: number) => ((z + 1) * sizeY + y + 1) * sizeX + x + 1;
  const corners = new Float64Array(8);
  for (let z = -1; z < nz; z++)
    for (let y = -1; y < ny; y++)
      for (let x = -1; x < nx; x++) {
        let inside = 0;
        for (let corner = 0; corner < 8; corner++) {
          corners[corner] = value(x + (corner & 1), y + ((corner >> 1) & 1), z + (corner >> 2));
          if (corners[corner]! > level) inside++;
        }
        if (inside === 0 || inside === 8) continue;
        let sumX = 0;
        let sumY = 0;
        let sumZ = 0;
        let crossings = 0;
        for (const [from, to] of CUBE_EDGES) {
          const a = corners[from]!;
          const b = corners[to]!;
          if (a > level === b > level) continue;
          const t = (level - a) / (b - a);
          const along = (bit: number) => ((from >> bit) & 1) + t * (((to >> bit) & 1) - ((from >> bit) & 1));
          sumX += along(0);
          sumY += along(1);
          sumZ += along(2);
          crossings++;
        }
        vertexOfCell[cell(x, y, z)] = positions.length / 3;
        positions.push(x + sumX / crossings, y + sumY / crossings, z + sumZ / crossings);
      }
  const quad = (a: number, b: number, c: number, d: number, flipped: boolean) => {
    const [p, q, r, s] = [vertexOfCell[a]!, vertexOfCell[b]!, vertexOfCell[c]!, vertexOfCell[d]!];
    if (flipped) triangles.push(p, r, q, p, s, r);
    else triangles.push(p, q, r, p, r, s);
  };
  for (let z = -1; z < nz; z++)
    for (let y = -1; y < ny; y++)
      for (let x = -1; x < nx; x++) {
        const here = value(x, y, z) > level;
        if (here !== value(x + 1, y, z) > level)
          quad(cell(x, y - 1, z - 1), cell(x, y, z - 1), cell(x, y, z), cell(x, y - 1, z), !here);
        if (here !== value(x, y + 1, z) > level)
          quad(cell(x - 1, y, z - 1), cell(x - 1, y, z), cell(x, y, z), cell(x, y, z - 1), !here);
        if (here !== value(x, y, z + 1) > level)
          quad(cell(x - 1, y - 1, z), cell(x, y - 1, z), cell(x, y, z), cell(x - 1, y, z), !here);
      }
  const mesh = { positions: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
  return { ...mesh, normals: vertexNormals(mesh.positions, mesh.triangles) };
}

/** Pairs of corners (bit 0 = x, 1 = y, 2 = z) that differ in one axis. */
const CUBE_EDGES: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((from) =>
  [1, 2, 4].filter((bit) => (from & bit) === 0).map((bit) => [from, from | bit] as const),
);

/** Means of the adjacent triangles' normals, weighted by area. */
function vertexNormals(positions: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const ux = positions[b]! - positions[a]!;
    const uy = positions[b + 1]! - positions[a + 1]!;
    const uz = positions[b + 2]! - positions[a + 2]!;
    const vx = positions[c]! - positions[a]!;
    const vy = positions[c + 1]! - positions[a + 1]!;
    const vz = positions[c + 2]! - positions[a + 2]!;
    for (const vertex of [a, b, c]) {
      normals[vertex]! += uy * vz - uz * vy;
      normals[vertex + 1]! += uz * vx - ux * vz;
      normals[vertex + 2]! += ux * vy - uy * vx;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!) || 1;
    for (let axis = 0; axis < 3; axis++) normals[i + axis]! /= length;
  }
  return normals;
}
