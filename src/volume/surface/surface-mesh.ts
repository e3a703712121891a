import type { Shape3, Vector3 } from "../volume.js";
import { CUBE_EDGES, CUBE_TRIANGLES } from "./marching-cubes-table.js";

/** A closed triangle mesh; in voxel coordinates of the field it came from (x, y, z per vertex; voxel centres are integers). */
export interface SurfaceMesh {
  readonly positions: Float32Array;
  /** Unit vectors that point out of the object. */
  readonly normals: Float32Array;
  /** Three vertex indices a triangle, anticlockwise when seen from outside. */
  readonly triangles: Uint32Array;
}

/** Vertices keep this distance in voxels from voxel centres, where several would fall on one point. */
const NEAREST_VOXELS = 1e-3;

/**
 * The surface where `field` crosses `level`, high values inside, by marching cubes (Lorensen and Cline, SIGGRAPH 1987):
 * vertices lie on the lines between neighbouring voxels, where the level is met by linear interpolation. Outside of the
 * field counts as below the level, and so does NaN: the mesh is closed, every edge belongs to exactly two triangles.
 */
export function surfaceMesh(field: ArrayLike<number>, shape: Shape3, level: number): SurfaceMesh {
  const [nz, ny, nx] = shape;
  const outside = Math.min(0, level - 1e-6 * (Math.abs(level) + 1));
  const rowLength = nx + 2;
  const planeLength = rowLength * (ny + 2);
  const positions = growing((length) => new Float32Array(length));
  const triangles = growing((length) => new Uint32Array(length));
  // Two sections of the field with a margin all around; of each voxel, the vertices on its edges along x, y and z.
  let low = sectionBuffers(planeLength);
  let high = sectionBuffers(planeLength);
  const fill = (z: number, { values, vertices }: SectionBuffers) => {
    values.fill(outside);
    vertices.fill(-1);
    if (z < 0 || z >= nz) return;
    for (let y = 0; y < ny; y++)
      for (let x = 0, from = (z * ny + y) * nx, to = (y + 1) * rowLength + 1; x < nx; x++) {
        const value = field[from + x];
        values[to + x] = Number.isNaN(value) ? outside : value;
      }
  };
  const steps = [1, rowLength];
  const valueAt = (at: number, corner: number) =>
    (corner & 4 ? high : low).values[at + (corner & 1) + (corner & 2 ? rowLength : 0)];
  const vertexOn = (edge: number, at: number, z: number): number => {
    const [from, to] = CUBE_EDGES[edge];
    const axis = edge >> 2;
    const place = at + (from & 1 ? steps[0] : 0) + (from & 2 ? steps[1] : 0);
    const { vertices } = from & 4 ? high : low;
    const known = vertices[3 * place + axis];
    if (known >= 0) return known;
    const a = valueAt(at, from);
    const exact = (level - a) / (valueAt(at, to) - a);
    const t = Math.min(1 - NEAREST_VOXELS, Math.max(NEAREST_VOXELS, exact));
    const x = (place % rowLength) - 1;
    const y = Math.floor(place / rowLength) - 1;
    const vertex = positions.length() / 3;
    positions.push(x + (axis === 0 ? t : 0), y + (axis === 1 ? t : 0), z + (from & 4 ? 1 : 0) + (axis === 2 ? t : 0));
    vertices[3 * place + axis] = vertex;
    return vertex;
  };
  fill(-1, low);
  for (let z = -1; z < nz; z++) {
    fill(z + 1, high);
    for (let y = 0; y <= ny; y++) {
      let inside = 0; // of the eight corners; those on the right become those on the left of the next cube
      for (let x = 0, at = y * rowLength; x <= nx; x++, at++) {
        inside = (inside >> 1) & 0b01010101;
        if (low.values[at + 1] > level) inside |= 2;
        if (low.values[at + 1 + rowLength] > level) inside |= 8;
        if (high.values[at + 1] > level) inside |= 32;
        if (high.values[at + 1 + rowLength] > level) inside |= 128;
        if (inside === 0 || inside === 255) continue;
        const edges = CUBE_TRIANGLES[inside];
        for (let i = 0; i < edges.length; i += 3)
          triangles.push(vertexOn(edges[i], at, z), vertexOn(edges[i + 1], at, z), vertexOn(edges[i + 2], at, z));
      }
    }
    [low, high] = [high, low];
  }
  const mesh = { positions: positions.take(), triangles: triangles.take() };
  return { ...mesh, normals: vertexNormals(mesh.positions, mesh.triangles) };
}

/** The mesh scaled about the origin, then moved. */
export function placeMesh({ positions, normals, triangles }: SurfaceMesh, scale: number, move: Vector3): SurfaceMesh {
  const { x, y, z } = move;
  const placed = new Float32Array(positions.length);
  for (let i = 0; i < placed.length; i += 3) {
    placed[i] = positions[i] * scale + x;
    placed[i + 1] = positions[i + 1] * scale + y;
    placed[i + 2] = positions[i + 2] * scale + z;
  }
  return { positions: placed, normals, triangles };
}

interface SectionBuffers {
  readonly values: Float32Array;
  readonly vertices: Int32Array;
}

function sectionBuffers(planeLength: number): SectionBuffers {
  return { values: new Float32Array(planeLength), vertices: new Int32Array(3 * planeLength) };
}

/** Triples of numbers, in an array that doubles when it is full. */
function growing<T extends Float32Array | Uint32Array>(allocate: (length: number) => T) {
  let data = allocate(3 * 512);
  let length = 0;
  return {
    length: () => length,
    push(a: number, b: number, c: number): void {
      if (length === data.length) {
        const larger = allocate(2 * length);
        larger.set(data);
        data = larger;
      }
      data[length] = a;
      data[length + 1] = b;
      data[length + 2] = c;
      length += 3;
    },
    take: (): T => data.slice(0, length) as T,
  };
}

/** The outward normal of the triangle whose corners begin at `triangles[t]`, as long as twice its area. */
export function triangleNormal(positions: Float32Array, triangles: Uint32Array, t: number): Vector3 {
  const [a, b, c] = [3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]];
  const ux = positions[b] - positions[a];
  const uy = positions[b + 1] - positions[a + 1];
  const uz = positions[b + 2] - positions[a + 2];
  const vx = positions[c] - positions[a];
  const vy = positions[c + 1] - positions[a + 1];
  const vz = positions[c + 2] - positions[a + 2];
  return { x: uy * vz - uz * vy, y: uz * vx - ux * vz, z: ux * vy - uy * vx };
}

/** Means of the adjacent triangles' normals, weighted by area. */
function vertexNormals(positions: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const { x, y, z } = triangleNormal(positions, triangles, t);
    for (let corner = t; corner < t + 3; corner++) {
      normals[3 * triangles[corner]] += x;
      normals[3 * triangles[corner] + 1] += y;
      normals[3 * triangles[corner] + 2] += z;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i], normals[i + 1], normals[i + 2]) || 1;
    for (let axis = 0; axis < 3; axis++) normals[i + axis] /= length;
  }
  return normals;
}
