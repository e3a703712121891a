import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../files/disk/index.js";
import { writeMrc } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type BoxPlace, extractBox, extractMask, type PlacedParticle } from "../../simulate/index.js";
import { createVolume, normaliseInPlace, type Volume } from "../../volume/index.js";
import { createNpyWriter, littleEndian, type NpyWriter } from "./arrays.js";

/** A particle whose box is cut. */
export interface ChosenBox {
  readonly particle: PlacedParticle;
  readonly place: BoxPlace;
}

export interface BoxJob extends Progress {
  readonly boxes: readonly ChosenBox[];
  readonly size: number;
  readonly folder: string;
}

/**
 * The arrays that the authors' code reads, class by class in the order of the class numbers: `cnt.npy` (int64, boxes of
 * each class), `data.npy` (float32, [classes, most boxes of a class, size, size, size], zero mean and unit variance each,
 * zeros where a class has fewer) and `data_seg.npy` (uint8, the same shape, 1 inside the particle).
 */
export async function writeBoxArrays(
  tomogram: Volume,
  labels: Uint16Array | Uint32Array,
  { boxes, size, folder, onProgress, signal, classCount }: BoxJob & { readonly classCount: number },
): Promise<void> {
  const byClass = Array.from({ length: classCount }, (_, index) =>
    boxes.filter(({ particle }) => particle.complexIndex === index),
  );
  const capacity = Math.max(1, ...byClass.map((members) => members.length));
  const shape = [classCount, capacity, size, size, size];
  const box = new Float32Array(size ** 3);
  const mask = new Uint8Array(size ** 3);
  const writers: NpyWriter[] = [];
  try {
    const data = await createNpyWriter(join(folder, "data.npy"), shape, "<f4");
    writers.push(data);
    const segmentation = await createNpyWriter(join(folder, "data_seg.npy"), shape, "|u1");
    writers.push(segmentation);
    let done = 0;
    for (const members of byClass) {
      for (const { particle, place } of members) {
        if (done % 32 === 0) await breathe(signal);
        onProgress?.({ stage: "writing arrays", done: done++, total: boxes.length });
        extractBox(tomogram.data, tomogram.shape, place.centre, { size, into: box });
        normaliseInPlace(box);
        extractMask(labels, tomogram.shape, place.centre, { size, into: mask, instance: particle.instance });
        await data.write(littleEndian(box));
        await segmentation.write(mask);
      }
      box.fill(0);
      mask.fill(0);
      for (let rest = members.length; rest < capacity; rest++) {
        await data.write(littleEndian(box));
        await segmentation.write(mask);
      }
    }
    const counts = await createNpyWriter(join(folder, "cnt.npy"), [classCount], "<i8");
    writers.push(counts);
    await counts.write(littleEndian(BigInt64Array.from(byClass, (members) => BigInt(members.length))));
    for (const writer of writers) await writer.finish();
    onProgress?.({ stage: "writing arrays", done: boxes.length, total: boxes.length });
  } finally {
    for (const writer of writers) await writer.discard();
  }
}

/** Each box and its mask as MRC: `subtomograms/000001.mrc` with the tomogram's own values, `masks/000001.mrc`. */
export async function writeBoxFiles(
  tomogram: Volume,
  labels: Uint16Array | Uint32Array,
  { boxes, size, folder, onProgress, signal }: BoxJob,
): Promise<void> {
  for (const name of ["subtomograms", "masks"]) await mkdir(join(folder, name), { recursive: true });
  const voxel = tomogram.voxelSizeAngstrom;
  const box = createVolume([size, size, size], voxel);
  const mask = new Uint8Array(size ** 3);
  for (const [done, { particle, place }] of boxes.entries()) {
    if (done % 16 === 0) await breathe(signal);
    onProgress?.({ stage: "writing subtomograms", done, total: boxes.length });
    extractBox(tomogram.data, tomogram.shape, place.centre, { size, into: box.data });
    extractMask(labels, tomogram.shape, place.centre, { size, into: mask, instance: particle.instance });
    const { image, maskName } = boxFileNames(particle);
    await writeFileAtomic(join(folder, image), writeMrc(box));
    const maskVolume = createVolume(box.shape, voxel, Float32Array.from(mask));
    await writeFileAtomic(join(folder, maskName), writeMrc(maskVolume, { mode: 0 }));
  }
  onProgress?.({ stage: "writing subtomograms", done: boxes.length, total: boxes.length });
}

/** Relative to the list beside them. */
export function boxFileNames({ instance }: PlacedParticle): { image: string; maskName: string } {
  const name = String(instance).padStart(6, "0");
  return { image: `subtomograms/${name}.mrc`, maskName: `masks/${name}.mrc` };
}
