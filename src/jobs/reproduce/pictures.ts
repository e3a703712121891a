import { dice } from "../../evaluate/index.js";
import type { Complex } from "../../simulate/index.js";
import { createVolume } from "../../volume/index.js";
import { type ExampleParticles, type NetworkMeasurement, PICTURE_SNR } from "./measure.js";
import type { ExamplePicture } from "./report/data.js";

/** The example particle of each class with the mask of every network that has one. */
export function examplePictures(
  { volumes, masks, edge, voxelSizeAngstrom }: ExampleParticles,
  measurements: ReadonlyMap<number, ReadonlyMap<string, NetworkMeasurement>>,
  complexes: readonly Complex[],
): ExamplePicture[] {
  const voxels = edge ** 3;
  const values = new Float32Array(bytesOf(volumes).buffer);
  const truths = bytesOf(masks);
  const predicted = [...(measurements.get(PICTURE_SNR) ?? [])].flatMap(([key, { examples }]) =>
    examples === null ? [] : [[key, bytesOf(examples)] as const],
  );
  return complexes.map(({ name }, label) => {
    const [from, to] = [label * voxels, (label + 1) * voxels];
    const truth = truths.subarray(from, to);
    return {
      name,
      volume: createVolume([edge, edge, edge], voxelSizeAngstrom, values.subarray(from, to)),
      truth: Float32Array.from(truth),
      masks: new Map(
        predicted.map(([key, bytes]) => {
          const own = bytes.subarray(from, to);
          const inside = own.map((value) => (value > 127 ? 1 : 0));
          return [key, { mask: Float32Array.from(own, (value) => value / 255), dice: dice(inside, truth) }];
        }),
      ),
    };
  });
}

/** In memory of their own, so that they can be seen as floats, too. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}
