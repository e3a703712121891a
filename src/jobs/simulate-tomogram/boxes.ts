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
  inReadingOrder,
  type MeasuredBoxes,
  type PlacedParticle,
} from "../../simulate/index.js";
import { createRandom, createVolume, type Shape3, type Volume } from "../../volume/index.js";
import type { BoxPart, BoxPartsJob } from "./box-parts.js";
import type { TomogramWorkers } from "./imaging-workers.js";
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

/** Files of the arrays, in a ratio's folder. */
export const ARRAY_FILES = { boxes: "data.npy", masks: "data_seg.npy", counts: "cnt.npy" } as const;

/** How the arrays are laid out: class by class in the order of the class numbers, as many places for each. */
interface ArrayLayout {
  readonly shape: readonly number[];
  readonly parts: readonly BoxPart[];
  readonly counts: readonly number[];
}

function arrayLayout(boxes: readonly ChosenBox[], size: number, classCount: number): ArrayLayout {
  const byClass = Array.from({ length: classCount }, (_, index) =>
    boxes.filter(({ particle }) => particle.complexIndex === index),
  );
  const capacity = Math.max(1, ...byClass.map((members) => members.length));
  const parts = byClass.flatMap((members, index) =>
    members.map(({ particle: { instance }, place: { centre } }, i) => ({
      centre,
      instance,
      index: index * capacity + i,
    })),
  );
  const depthFirst = ({ centre: [x, y, z] }: BoxPart) => [z, y, x] as const;
  parts.sort((one, other) => inReadingOrder(depthFirst(one), depthFirst(other)));
  return { shape: [classCount, capacity, size, size, size], parts, counts: byClass.map(({ length }) => length) };
}

export interface BoxArraysJob {
  readonly boxes: readonly ChosenBox[];
  readonly size: number;
  readonly folder: string;
  readonly classCount: number;
}

/**
 * The arrays that the authors' code reads, class by class in the order of the class numbers: `cnt.npy` (int64, boxes of
 * each class) and `data.npy` (float32, [classes, most boxes of a class, size, size, size], zero mean and unit variance each,
 * zeros where a class has fewer). @throws FileError, AbortError
 */
export async function writeBoxArrays(
  { data, shape }: Volume,
  { boxes, size, folder, classCount }: BoxArraysJob,
  workers: TomogramWorkers,
): Promise<void> {
  const layout = arrayLayout(boxes, size, classCount);
  await writeArray(join(folder, ARRAY_FILES.boxes), layout.shape, "<f4", (file) =>
    workers.cutBoxes({ data, shape, size, ...file }, layout.parts),
  );
  const header = npyHeader([classCount], "<i8");
  const counts = new Uint8Array(header.byteLength + 8 * classCount);
  counts.set(header);
  counts.set(littleEndianBytes(BigInt64Array.from(layout.counts, BigInt)), header.byteLength);
  await writeFileAtomic(join(folder, ARRAY_FILES.counts), counts);
}

/** Their masks, `data_seg.npy` (uint8, the shape of `data.npy`, 1 inside the particle). @throws FileError, AbortError */
export async function writeMaskArray(
  labels: Uint16Array | Uint32Array,
  shape: Shape3,
  { boxes, size, folder, classCount }: BoxArraysJob,
  workers: TomogramWorkers,
): Promise<void> {
  const layout = arrayLayout(boxes, size, classCount);
  await writeArray(join(folder, ARRAY_FILES.masks), layout.shape, "|u1", (file) =>
    workers.cutMasks({ data: labels, shape, size, ...file }, layout.parts),
  );
}

/** A file of zeros, but for what `fill` writes. */
async function writeArray(
  path: string,
  shape: readonly number[],
  type: "<f4" | "|u1",
  fill: (file: Pick<BoxPartsJob<never>, "unfinishedPath" | "headerBytes">) => Promise<void>,
): Promise<void> {
  const header = npyHeader(shape, type);
  const headerBytes = header.byteLength;
  const valueBytes = type === "<f4" ? 4 : 1;
  const byteLength = headerBytes + valueBytes * shape.reduce((product, length) => product * length, 1);
  await using file = await createGrowingFile(path);
  await file.write(header);
  await file.write(new Uint8Array(1), byteLength - 1); // so long, with zeros before it
  await fill({ unfinishedPath: file.unfinishedPath, headerBytes });
  await file.finish();
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
