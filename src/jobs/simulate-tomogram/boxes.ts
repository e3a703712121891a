import { join } from "node:path";
import { createGrowingFile, writeFileAtomic } from "../../files/disk/index.js";
import { littleEndianBytes, npyHeader, writeMrc } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import {
  type BoxPlace,
  boxPlace,
  chooseBoxes,
  extractBox,
  extractMask,
  type MeasuredBoxes,
  type PlacedParticle,
} from "../../simulate/index.js";
import { createRandom, createVolume, normaliseInPlace, type Volume } from "../../volume/index.js";
import { boxesList, type ListContext } from "./lists.js";
import type { SubtomogramOptions, TomogramParameters } from "./options.js";
import type { TomogramSettings } from "./settings.js";

/** A particle whose box is cut. */
export interface ChosenBox {
  readonly particle: PlacedParticle;
  readonly place: BoxPlace;
}

/** The boxes that are cut, the same for every ratio. */
export function chooseSubtomograms(
  particles: readonly PlacedParticle[],
  { parameters: { shape, voxelSizeAngstrom, subtomograms }, seed, onWarning }: TomogramSettings,
): ChosenBox[] {
  const { size, count, edges } = subtomograms;
  const boxes = particles.map((particle) => ({
    particle,
    place: boxPlace(particle.positionAngstrom, size, { shape, voxelSizeAngstrom }),
  }));
  const random = createRandom(seed).fork("subtomograms");
  const places = boxes.map(({ place }) => place);
  const chosen = chooseBoxes(places, { edges, count, random });
  if (count !== undefined && chosen.length < count)
    onWarning?.(
      `only ${chosen.length} of ${count} subtomograms: no more boxes of ${size} voxels lie inside the tomogram`,
    );
  return chosen.flatMap((index) => boxes[index] ?? []);
}

/** Where the ratio is measured: in all particles' boxes that lie inside; undefined, for the whole volume, when there is none. */
export function measuredBoxes(
  particles: readonly PlacedParticle[],
  { shape, voxelSizeAngstrom, subtomograms: { size } }: TomogramParameters,
): MeasuredBoxes | undefined {
  const centres = particles.flatMap(({ positionAngstrom }) => {
    const { centre, outsideFraction } = boxPlace(positionAngstrom, size, { shape, voxelSizeAngstrom });
    return outsideFraction < 1e-9 ? [{ x: centre[0], y: centre[1], z: centre[2] }] : [];
  });
  return centres.length > 0 ? { centres, size } : undefined;
}

export function subtomogramList(
  chosen: readonly ChosenBox[],
  { size, formats }: SubtomogramOptions,
  context: ListContext,
): string {
  const files = formats.includes("mrc");
  const boxes = chosen.map(({ particle, place }) => {
    const { image, maskName } = boxFileNames(particle);
    return { particle, place, imageName: files ? image : undefined, maskName: files ? maskName : undefined };
  });
  return boxesList(boxes, "tomogram.mrc", size, context);
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
  await using data = await createGrowingFile(join(folder, "data.npy"));
  await using segmentation = await createGrowingFile(join(folder, "data_seg.npy"));
  await using counts = await createGrowingFile(join(folder, "cnt.npy"));
  await data.write(npyHeader(shape, "<f4"));
  await segmentation.write(npyHeader(shape, "|u1"));
  let done = 0;
  for (const members of byClass) {
    for (const { particle, place } of members) {
      if (done % 32 === 0) await breathe(signal);
      onProgress?.({ stage: "writing arrays", done: done++, total: boxes.length });
      extractBox(tomogram.data, tomogram.shape, place.centre, { size, into: box });
      normaliseInPlace(box);
      extractMask(labels, tomogram.shape, place.centre, { size, into: mask, instance: particle.instance });
      await data.write(littleEndianBytes(box));
      await segmentation.write(mask);
    }
    box.fill(0);
    mask.fill(0);
    for (let rest = members.length; rest < capacity; rest++) {
      await data.write(littleEndianBytes(box));
      await segmentation.write(mask);
    }
  }
  await counts.write(npyHeader([classCount], "<i8"));
  await counts.write(littleEndianBytes(BigInt64Array.from(byClass, (members) => BigInt(members.length))));
  for (const file of [data, segmentation, counts]) await file.finish();
  onProgress?.({ stage: "writing arrays", done: boxes.length, total: boxes.length });
}

/** Each box and its mask as MRC: `subtomograms/000001.mrc` with the tomogram's own values, `masks/000001.mrc`. */
export async function writeBoxFiles(
  tomogram: Volume,
  labels: Uint16Array | Uint32Array,
  { boxes, size, folder, onProgress, signal }: BoxJob,
): Promise<void> {
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
function boxFileNames({ instance }: PlacedParticle): { image: string; maskName: string } {
  const name = String(instance).padStart(6, "0");
  return { image: `subtomograms/${name}.mrc`, maskName: `masks/${name}.mrc` };
}
