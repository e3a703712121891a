import { realPath } from "../../../files/disk/index.js";
import type { Vector3 } from "../../../volume/index.js";
import type { SearchedTomogram } from "../../search/index.js";
import type { PickScale } from "../scales.js";

/** An example that lies in a tomogram. */
export interface OwnExample {
  /** Its number among all examples. */
  readonly index: number;
  readonly classIndex: number;
  readonly positionAngstrom: Vector3;
}

/** The examples that lie in a tomogram, negatives included. @throws FileError. */
export async function ownExamples(
  { grid }: Pick<SearchedTomogram, "grid">,
  { examples: { boxes, supports } }: Pick<PickScale, "examples">,
): Promise<OwnExample[]> {
  const tomogram = await realPath(grid.path);
  return boxes.flatMap(({ specimen, positionAngstrom }, index) =>
    positionAngstrom && specimen === tomogram ? [{ index, classIndex: supports.labels[index]!, positionAngstrom }] : [],
  );
}
