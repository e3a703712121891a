/**
 * How the surface crosses a cube of eight voxels, for each of the 256 sets of corners that are inside: worked out here once
 * rather than typed. Corners count in bits (bit 0 = x, 1 = y, 2 = z); edge 4 * axis + k runs along `axis`.
 */

/** The two corners of each of the 12 edges, the lower one first. */
export const CUBE_EDGES: readonly (readonly [from: number, to: number])[] = [0, 1, 2].flatMap((axis) =>
  [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((corner) => !(corner & (1 << axis)))
    .map((from) => [from, from | (1 << axis)] as const),
);

/** The corners around each face, anticlockwise when seen from outside the cube. */
const FACES: readonly (readonly number[])[] = [0, 1, 2].flatMap((axis) => {
  const [u, v] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
  const upper = [0, u, u | v, v].map((corner) => corner | (1 << axis)); // u x v points along the axis, out of the cube
  return [upper, [0, v, u | v, u]];
});

/** Triangles of each of the 256 cases as triples of edges, anticlockwise seen from outside the object. */
export const CUBE_TRIANGLES: readonly Uint8Array[] = Array.from({ length: 256 }, (_, inside) =>
  Uint8Array.from(loopsOf(inside).flatMap(trianglesOf)),
);

/**
 * The closed loops in which the surface crosses the cube's edges. On a face, the surface keeps corners apart that are
 * inside and diagonal to each other. As that is settled by the face alone, the two cubes that share it agree, and the
 * surface has no holes.
 */
function loopsOf(inside: number): number[][] {
  const next = new Map<number, number>();
  for (const face of FACES)
    for (let i = 0; i < 4; i++) {
      // The surface enters the face where the walk around it goes in, and leaves where it next comes out.
      const isIn = (k: number) => ((inside >> face[k % 4]) & 1) === 1;
      if (isIn(i) || !isIn(i + 1)) continue;
      let out = i + 1;
      while (isIn(out + 1)) out++;
      next.set(edgeOf(face[i], face[(i + 1) % 4]), edgeOf(face[out % 4], face[(out + 1) % 4]));
    }
  const loops: number[][] = [];
  while (next.size > 0) {
    const loop: number[] = [];
    for (let edge = next.keys().next().value; edge !== undefined && next.has(edge); ) {
      loop.push(edge);
      const following: number = next.get(edge)!;
      next.delete(edge);
      edge = following;
    }
    loops.push(loop);
  }
  return loops;
}

function edgeOf(a: number, b: number): number {
  return CUBE_EDGES.findIndex(([from, to]) => from === Math.min(a, b) && to === Math.max(a, b));
}

/**
 * Cuts a loop into triangles by chords that cross the inside of the cube. A chord along a face could be a chord of the
 * neighbouring cube, too, and four triangles would meet there.
 */
function trianglesOf(loop: readonly number[]): number[] {
  if (loop.length === 3) return [...loop];
  // Of an ear a, b, c the chord is a c.
  for (let i = 0; i < loop.length; i++) {
    const [a, b, c] = [0, 1, 2].map((k) => loop[(i + k) % loop.length]) as [number, number, number];
    if (loop.length > 3 && shareFace(a, c)) continue;
    const rest = trianglesOf(loop.filter((edge) => edge !== b));
    if (rest.length > 0) return [a, b, c, ...rest];
  }
  return [];
}

function shareFace(edge: number, other: number): boolean {
  const corners = [...CUBE_EDGES[edge], ...CUBE_EDGES[other]];
  return FACES.some((face) => corners.every((corner) => face.includes(corner)));
}
