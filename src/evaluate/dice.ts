import { ShapeError } from "../errors.js";

/**
 * Dice coefficient 2|A n B| / (|A| + |B|) of two masks; any value other than 0 counts as inside. Two empty masks agree: 1.
 * @throws ShapeError when the masks differ in length.
 */
export function dice(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new ShapeError(`Dice needs two masks of the same length, got ${a.length} and ${b.length} voxels`);
  let inBoth = 0;
  let inA = 0;
  let inB = 0;
  for (let i = 0; i < a.length; i++) {
    const insideA = a[i] !== 0 ? 1 : 0;
    const insideB = b[i] !== 0 ? 1 : 0;
    inA += insideA;
    inB += insideB;
    inBoth += insideA & insideB;
  }
  return inA + inB === 0 ? 1 : (2 * inBoth) / (inA + inB);
}
