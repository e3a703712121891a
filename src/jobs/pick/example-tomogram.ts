import { basename } from "node:path";
import { FormatError } from "../../errors.js";
import { openTomogramGrid, type StatedVoxelSize } from "../../files/tomogram/index.js";
import { adaptVolumes } from "../../infer/index.js";
import type { Particle, ParticleList } from "../../io/index.js";
import { createBoxReader, greyScale, tomogramAdaptation, tomogramGreys, tomogramWorkFolder } from "../search/index.js";
import type { ExampleBox, ExampleSettings } from "./example-box.js";
import { positionIn } from "./listed/position-in-tomogram.js";

/** A particle of a list of examples. */
export interface ListedExample {
  readonly particle: Particle;
  readonly className: string;
  /** From 0, in the list. */
  readonly index: number;
}

/** Examples of a list that lie in one tomogram. */
export interface ExamplesInTomogram {
  readonly listPath: string;
  readonly origin: ParticleList["origin"];
  readonly examples: readonly ListedExample[];
  /** What the list says of the tomogram. */
  readonly listedVoxelSize: StatedVoxelSize | undefined;
}

/** Cuts examples out of their tomogram, protein as it is there. @throws FileError, FormatError, AbortError. */
export async function cutExamples(
  tomogramPath: string,
  list: ExamplesInTomogram,
  settings: ExampleSettings,
): Promise<{ readonly boxes: readonly (ExampleBox & ListedExample)[]; readonly skewness: number }> {
  const { edge, boxVoxelSizeAngstrom, voxelSizeAngstrom: fileVoxelSizeAngstrom, memory, signal, onProgress } = settings;
  const workFolder = await tomogramWorkFolder(tomogramPath, settings);
  await using grid = await openTomogramGrid(tomogramPath, {
    ...{ voxelSizeAngstrom: boxVoxelSizeAngstrom, fileVoxelSizeAngstrom, workFolder, signal, onProgress },
    listedVoxelSize: list.listedVoxelSize,
  });
  const measuring = { workFolder, memory, signal };
  const greys = await tomogramGreys(grid, measuring);
  const scale = greyScale(greys, { dark: false });
  const readBox = createBoxReader(grid, scale, edge);
  const volumes = new Float32Array(list.examples.length * edge ** 3);
  const { listPath, origin } = list;
  const positions = list.examples.map(({ particle, index }) =>
    positionIn(grid, particle, { what: "example", origin, where: `${listPath}, particle ${index + 1}` }),
  );
  for (const [i, position] of positions.entries()) {
    const box = await readBox(position);
    if (isEmpty(box, edge))
      throw new FormatError(
        `the example lies where ${grid.path} is empty: its voxels all hold the same value`,
        `${list.listPath}, particle ${list.examples[i]!.index + 1}`,
        { hint: "Check the coordinates' unit, order and origin, and the voxel size (--voxel-size)." },
      );
    volumes.set(box, i * edge ** 3);
  }
  const adapted = settings.adapt
    ? adaptVolumes(volumes, edge, await tomogramAdaptation(grid, scale, measuring))
    : volumes;
  const boxes = list.examples.map((example, i) => ({
    ...example,
    volume: adapted.subarray(i * edge ** 3, (i + 1) * edge ** 3),
    source: `${basename(list.listPath)}, particle ${example.index + 1}`,
    positionAngstrom: positions[i]!,
  }));
  return { boxes, skewness: greys.skewness };
}

/** Padding: no two voxels around the centre differ. */
function isEmpty(box: Float32Array, edge: number): boolean {
  const [from, to] = [Math.floor(0.375 * edge), Math.ceil(0.625 * edge)];
  const first = box[(from * edge + from) * edge + from];
  for (let z = from; z < to; z++)
    for (let y = from; y < to; y++)
      for (let x = from; x < to; x++) if (box[(z * edge + y) * edge + x] !== first) return false;
  return true;
}
