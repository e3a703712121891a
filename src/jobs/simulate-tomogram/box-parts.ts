/** Boxes and their masks, cut in parts and written straight to where they belong in one file. */
import { openGrowingFile } from "../../files/disk/index.js";
import { littleEndianBytes } from "../../io/index.js";
import { type BoxPlace, extractBox, extractMask } from "../../simulate/index.js";
import { normaliseInPlace, type Shape3 } from "../../volume/index.js";

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
  const box = new Float32Array(size ** 3);
  for (const { centre, index } of boxes) {
    extractBox(data, shape, centre, { size, into: box });
    normaliseInPlace(box);
    await file.write(littleEndianBytes(box), headerBytes + index * box.byteLength);
  }
}

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
