import { centreIndex, type Vector3 } from "../../volume/index.js";

/** What a particle's mask says of its position, size and shape. */
export interface MaskShape {
  /** Centroid minus the box's centre voxel, in voxels. */
  readonly offsetVoxels: Vector3;
  readonly volumeVoxels: number;
  /** Longest over shortest principal half axis of the mask as an ellipsoid: 1 for a ball. */
  readonly elongation: number;
  /** Root mean square distance from the centroid, in voxels; a ball of diameter d has `d / 2 * sqrt(3 / 5)`. */
  readonly gyrationRadiusVoxels: number;
}

const INSIDE = 0.5;

/** The diameter of the ball with this radius of gyration: what counts for how much of a box a particle fills. */
export function diameterOfGyration(gyrationRadius: number): number {
  return 2 * Math.sqrt(5 / 3) * gyrationRadius;
}

/**
 * Centroid, volume and elongation of the piece of the mask (probability above one half, joined by faces) that is nearest to
 * the box's centre; undefined when the mask is empty. Voxels count with their probability.
 * @param mask `[edge, edge, edge]`.
 */
export function maskShape(mask: Float32Array, edge: number): MaskShape | undefined {
  const piece = centralPiece(mask, edge);
  if (piece.length === 0) return undefined;
  const centre = centreIndex(edge);
  let [weight, sx, sy, sz, sxx, syy, szz, sxy, sxz, syz] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const at of piece) {
    const z = Math.floor(at / edge ** 2) - centre;
    const y = (Math.floor(at / edge) % edge) - centre;
    const x = (at % edge) - centre;
    const w = mask[at];
    weight += w;
    sx += w * x;
    sy += w * y;
    sz += w * z;
    sxx += w * (x * x);
    syy += w * (y * y);
    szz += w * (z * z);
    sxy += w * (x * y);
    sxz += w * (x * z);
    syz += w * (y * z);
  }
  const [mx, my, mz] = [sx / weight, sy / weight, sz / weight];
  const moment = (sum: number, a: number, b: number) => sum / weight - a * b;
  // A voxel's own extent adds 1/12 to each variance, so that no piece is flat.
  const variances = [moment(sxx, mx, mx) + 1 / 12, moment(syy, my, my) + 1 / 12, moment(szz, mz, mz) + 1 / 12] as const;
  const [shortest, , longest] = eigenvalues(variances, [moment(sxy, mx, my), moment(sxz, mx, mz), moment(syz, my, mz)]);
  return {
    offsetVoxels: { x: mx, y: my, z: mz },
    volumeVoxels: piece.length,
    elongation: Math.sqrt(longest / Math.max(shortest, 1e-9)),
    gyrationRadiusVoxels: Math.sqrt(variances[0] + variances[1] + variances[2]),
  };
}

/** Indices of the face-connected piece of `mask > 1/2` that holds the inside voxel nearest to the centre. */
function centralPiece(mask: Float32Array, edge: number): readonly number[] {
  const seed = insideNearestToCentre(mask, edge);
  if (seed < 0) return [];
  const piece = [seed];
  const isTaken = new Uint8Array(mask.length);
  isTaken[seed] = 1;
  const take = (at: number): void => {
    if (isTaken[at] || !(mask[at] > INSIDE)) return;
    isTaken[at] = 1;
    piece.push(at);
  };
  const plane = edge * edge;
  for (let i = 0; i < piece.length; i++) {
    const at = piece[i];
    const x = at % edge;
    const y = Math.floor(at / edge) % edge;
    if (x > 0) take(at - 1);
    if (x < edge - 1) take(at + 1);
    if (y > 0) take(at - edge);
    if (y < edge - 1) take(at + edge);
    if (at >= plane) take(at - plane);
    if (at + plane < mask.length) take(at + plane);
  }
  return piece;
}

/** -1 where nothing is inside. */
function insideNearestToCentre(mask: Float32Array, edge: number): number {
  const centre = centreIndex(edge);
  let [found, nearest] = [-1, Number.POSITIVE_INFINITY];
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++) {
        if (!(mask[at] > INSIDE)) continue;
        const distance = (z - centre) ** 2 + (y - centre) ** 2 + (x - centre) ** 2;
        if (distance < nearest) {
          found = at;
          nearest = distance;
        }
      }
  return found;
}

/** Eigenvalues of a symmetric 3x3 matrix in rising order, by the trigonometric solution of its characteristic polynomial. */
export function eigenvalues(
  [a, b, c]: readonly [number, number, number],
  [ab, ac, bc]: readonly [number, number, number],
): [number, number, number] {
  const mean = (a + b + c) / 3;
  const spread = Math.sqrt(
    ((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2 + 2 * (ab * ab + ac * ac + bc * bc)) / 6,
  );
  if (spread < 1e-12) return [mean, mean, mean];
  const [p, q, r, s, t, u] = [a - mean, b - mean, c - mean, ab, ac, bc].map((value) => value / spread) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const determinant = p * (q * r - u * u) - s * (s * r - u * t) + t * (s * u - q * t);
  const angle = Math.acos(Math.max(-1, Math.min(1, determinant / 2))) / 3;
  const largest = mean + 2 * spread * Math.cos(angle);
  const smallest = mean + 2 * spread * Math.cos(angle + (2 * Math.PI) / 3);
  return [smallest, 3 * mean - largest - smallest, largest];
}
