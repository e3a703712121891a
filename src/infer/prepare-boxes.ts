import { FormatError } from "../errors.js";
import type { ModelDescription } from "../model/index.js";
import { meanAndDeviation, normaliseInPlace, rescaleFourier, type Volume } from "../volume/index.js";

/** What `prepareBoxes` has to know of boxes. */
export interface PrepareBoxesOptions {
  /** Protein is dark in the boxes. Default false. */
  readonly inverted?: boolean;
  /** What errors say a box is; "box 1", "box 2" and so on unless given. */
  readonly nameOf?: (index: number) => string;
}

/**
 * Boxes as a network takes them: rescaled to its voxel size, cropped or filled up (with the box's mean) about the centre to its
 * edge, protein positive, zero mean and unit variance.
 * @param boxes `[nz, ny, nx]`, of any size and voxel size, the particle at voxel floor(n / 2) of each axis.
 * @returns `[count, edge, edge, edge]`.
 * @throws FormatError for a box with values that are not numbers, or all equal; ConfigError for one of unknown voxel size.
 */
export function prepareBoxes(
  boxes: readonly Volume[],
  { edge, voxelSizeAngstrom }: Pick<ModelDescription, "edge" | "voxelSizeAngstrom">,
  { inverted = false, nameOf = (index) => `box ${index + 1}` }: PrepareBoxesOptions = {},
): Float32Array {
  const prepared = new Float32Array(boxes.length * edge ** 3);
  for (const [index, box] of boxes.entries()) {
    if (box.data.some((value) => !Number.isFinite(value)))
      throw new FormatError("the box holds values that are not numbers", nameOf(index), {
        hint: "Remove the particle, or write the volume anew without NaN or infinity.",
      });
    const same = box.shape.every((n) => n === edge) && Math.abs(box.voxelSizeAngstrom / voxelSizeAngstrom - 1) < 1e-3;
    const own = prepared.subarray(index * edge ** 3, (index + 1) * edge ** 3);
    own.set(same ? box.data : rescaleFourier(box, { voxelSizeAngstrom, shape: [edge, edge, edge] }).data);
    if (inverted) for (let i = 0; i < own.length; i++) own[i] = -own[i];
    if (meanAndDeviation(own).deviation === 0)
      throw new FormatError("the box is the same value everywhere", nameOf(index), {
        hint: "Check the coordinates: the particle may lie outside the tomogram.",
      });
    normaliseInPlace(own);
  }
  return prepared;
}
