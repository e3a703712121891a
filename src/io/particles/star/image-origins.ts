import { rotateVector, type Vector3 } from "../../../volume/index.js";
import { eachRow, type Steps } from "../../steps.js";
import { type ParticleSource, rotationsOf, type VectorColumns } from "./source.js";

/**
 * The origins of a list of images without coordinates, in Å along the tomogram's axes; undefined where all are 0.
 * @param origins `rlnOriginXAngst` and so on, along the axes of the images
 */
export function* originsOfImages(
  source: ParticleSource,
  origins: VectorColumns | undefined,
): Steps<readonly Vector3[] | undefined> {
  if (!origins || !source.table.columns.has("rlnImageName")) return undefined;
  const { x, y, z } = origins;
  if ([x, y, z].every((values) => values.every((value) => value === 0))) return undefined;
  const frames = yield* rotationsOf(source, (angle) => `rlnTomoSubtomogram${angle}`);
  return yield* eachRow(source.table.rowCount, (row) => {
    const origin = { x: x[row], y: y[row], z: z[row] };
    return frames ? rotateVector(frames[row], origin) : origin;
  });
}
