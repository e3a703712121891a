/** How large particles of a class are, as its examples show. */
import { diameterOfGyration, type Embedder, maskShape } from "../../infer/index.js";
import type { Examples } from "./examples.js";

/**
 * The diameter of each class, in Ångström: that of its structure or map, else the median of its examples' masks as the network
 * predicts them. Undefined where every mask is empty, or the model has no decoder.
 */
export function classDiameters(
  { names, boxes, supports }: Examples,
  { description: { edge, voxelSizeAngstrom } }: Pick<Embedder, "description">,
): (number | undefined)[] {
  const diameters = names.map((): number[] => []);
  for (const [i, { diameterAngstrom }] of boxes.entries()) {
    const mask = supports.embedded.masks?.subarray(i * edge ** 3, (i + 1) * edge ** 3);
    const shape = diameterAngstrom === undefined && mask ? maskShape(mask, edge) : undefined;
    const diameter = shape ? diameterOfGyration(shape.gyrationRadiusVoxels) * voxelSizeAngstrom : diameterAngstrom;
    if (diameter !== undefined) diameters[supports.labels[i]!]!.push(diameter);
  }
  return diameters.map((of) => of.sort((a, b) => a - b)[of.length >> 1]);
}
