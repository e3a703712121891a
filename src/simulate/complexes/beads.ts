import { type Matrix3, quaternionToMatrix, type Random, randomQuaternion } from "../../volume/index.js";

/** Points with masses: `positions` holds x, y, z in turn (Ångström), `weights` one mass each (kilodalton). */
export interface Beads {
  readonly positions: Float32Array;
  readonly weights: Float32Array;
}

/** All beads of several clouds, in their order. */
export function concatenateBeads(parts: readonly Beads[]): Beads {
  const count = parts.reduce((sum, part) => sum + part.weights.length, 0);
  const positions = new Float32Array(3 * count);
  const weights = new Float32Array(count);
  let at = 0;
  for (const part of parts) {
    positions.set(part.positions, 3 * at);
    weights.set(part.weights, at);
    at += part.weights.length;
  }
  return { positions, weights };
}

/** Beads rotated by `matrix`, then moved by `(x, y, z)`. */
export function transformBeads({ positions, weights }: Beads, matrix: Matrix3, x = 0, y = 0, z = 0): Beads {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const moved = new Float32Array(positions.length);
  for (let p = 0; p < positions.length; p += 3) {
    const px = positions[p];
    const py = positions[p + 1];
    const pz = positions[p + 2];
    moved[p] = a * px + b * py + c * pz + x;
    moved[p + 1] = d * px + e * py + f * pz + y;
    moved[p + 2] = g * px + h * py + i * pz + z;
  }
  return { positions: moved, weights };
}

/** Beads in a random orientation. */
export function tumbleBeads(random: Random, beads: Beads): Beads {
  return transformBeads(beads, quaternionToMatrix(randomQuaternion(random)));
}

/** Moves the mean of the positions to the origin, in place. */
export function centreBeads(beads: Beads): Beads {
  const { positions } = beads;
  const mean = [0, 0, 0];
  for (let p = 0; p < positions.length; p++) mean[p % 3] += positions[p];
  for (let p = 0; p < positions.length; p++) positions[p] -= (3 * mean[p % 3]) / positions.length;
  return beads;
}

/** The mass of a cloud in kilodalton. */
export function totalWeight({ weights }: Beads): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** Distance of the farthest bead from the origin. */
export function reach({ positions }: Beads): number {
  let farthest = 0;
  for (let p = 0; p < positions.length; p += 3)
    farthest = Math.max(farthest, positions[p] ** 2 + positions[p + 1] ** 2 + positions[p + 2] ** 2);
  return Math.sqrt(farthest);
}

/** Positions of at most `count` beads drawn without replacement. */
export function sampleBeads(random: Random, { positions, weights }: Beads, count: number): Float32Array {
  if (weights.length <= count) return positions;
  const sample = new Float32Array(3 * count);
  random.sample(weights.length, count).forEach((bead, i) => {
    sample.set(positions.subarray(3 * bead, 3 * bead + 3), 3 * i);
  });
  return sample;
}

/**
 * Replaces all beads of one cell of a cubic grid by one bead with their mass at their centre of mass. Unlike a random
 * subset this keeps the density of large complexes smooth. The cell grows from `cellAngstrom` in steps until at most
 * `maximumBeads` remain, or it reaches `maximumCellAngstrom`.
 */
export function mergeBeads(
  beads: Beads,
  { cellAngstrom = 4.5, maximumBeads = 6000, maximumCellAngstrom = 8 } = {},
): Beads {
  for (let cell = cellAngstrom; ; cell = Math.min(cell * 1.15, maximumCellAngstrom)) {
    const merged = mergeInCells(beads, cell);
    if (merged.weights.length <= maximumBeads || cell >= maximumCellAngstrom) return merged;
  }
}

function mergeInCells({ positions, weights }: Beads, cell: number): Beads {
  const indexOf = new Map<number, number>();
  const sums: number[] = []; // mass, mass x, mass y, mass z of each cell in order of first appearance
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    const [x, y, z] = [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]];
    // 17 bits an axis hold +-290,000 Å at 4.5 Å cells, and the key stays an exact integer.
    const key =
      ((Math.floor(z / cell) + 65536) * 131072 + Math.floor(y / cell) + 65536) * 131072 + Math.floor(x / cell);
    let at = indexOf.get(key);
    if (at === undefined) {
      at = sums.length;
      indexOf.set(key, at);
      sums.push(0, 0, 0, 0);
    }
    sums[at] += weight;
    sums[at + 1] += weight * x;
    sums[at + 2] += weight * y;
    sums[at + 3] += weight * z;
  }
  const merged = { positions: new Float32Array(3 * indexOf.size), weights: new Float32Array(indexOf.size) };
  for (let i = 0; i < indexOf.size; i++) {
    const mass = sums[4 * i];
    merged.weights[i] = mass;
    for (let axis = 0; axis < 3; axis++) merged.positions[3 * i + axis] = sums[4 * i + 1 + axis] / mass;
  }
  return merged;
}
