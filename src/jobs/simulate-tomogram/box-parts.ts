/** Boxes and their masks, cut in parts and written straight to where they belong in one file. */
import { openGrowingFile } from "../../files/disk/index.js";
import { littleEndianBytes } from "../../io/index.js";
import { type BoxPlace, extractBox, extractMask } from "../../simulate/index.js";
import { normaliseEachInPlace, type Shape3 } from "../../volume/index.js";

/** One box of many. */
export interface BoxPart {
  readonly centre: BoxPlace["centre"];
  readonly instance: number;
  /** Its number among the boxes of the file. */
  readonly index: number;
}

/** What boxes are cut from, and the file they go to, which is not finished yet. */
export interface BoxPartsJob<T> {
  readonly data: T;
  readonly shape: Shape3;
  readonly size: number;
  readonly unfinishedPath: string;
  /** Bytes before the first box. */
  readonly headerBytes: number;
}

/** Writes boxes, each with zero mean and unit variance, as float32. @throws FileError */
export async function cutBoxes(
  { data, shape, size, unfinishedPath, headerBytes }: BoxPartsJob<Float32Array>,
  boxes: readonly BoxPart[],
): Promise<void> {
  await using file = await openGrowingFile(unfinishedPath);
  const voxels = size ** 3;
  const group = new Float32Array(BOXES_AT_ONCE * voxels);
  for (let first = 0; first < boxes.length; first += BOXES_AT_ONCE) {
    const members = boxes.slice(first, first + BOXES_AT_ONCE);
    const places = members.map((_, i) => group.subarray(i * voxels, (i + 1) * voxels));
    for (const [i, { centre }] of members.entries()) extractBox(data, shape, centre, { size, into: places[i]! });
    normaliseEachInPlace(group.subarray(0, members.length * voxels), voxels);
    await Promise.all(
      members.map(({ index }, i) => {
        const bytes = littleEndianBytes(places[i]!);
        return file.write(bytes, headerBytes + index * bytes.byteLength);
      }),
    );
  }
}

/** Normalised together and then written side by side. */
const BOXES_AT_ONCE = 4;

/** Writes masks, 1 inside the particle, as bytes. @throws FileError */
export async function cutMasks(
  { data, shape, size, unfinishedPath, headerBytes }: BoxPartsJob<Uint16Array | Uint32Array>,
  boxes: readonly BoxPart[],
): Promise<void> {
  await using file = await openGrowingFile(unfinishedPath);
  const mask = new Uint8Array(size ** 3);
  for (const { centre, instance, index } of boxes) {
    extractMask(data, shape, centre, { size, into: mask, instance });
    await file.write(mask, headerBytes + index * mask.byteLength);
  }
}
