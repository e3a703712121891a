import { isFolder, isZarrFolder, openRandomAccess, readFileBytes } from "../../files/disk/index.js";
import { isGzip, recogniseParticleFormat, textStart } from "../../io/index.js";

/** Bytes that tell a list by its beginning. */
const HEAD_BYTES = 1 << 16;

/** Whether a file or folder is a particle list, without reading more of a large one than its beginning. @throws FileError */
export async function describeInput(path: string): Promise<"particles" | "other"> {
  if (await isFolder(path)) return /\.zarr\/?$/i.test(path) || (await isZarrFolder(path)) ? "other" : "particles";
  await using source = await openRandomAccess(path);
  let bytes = await source.read(0, Math.min(HEAD_BYTES, source.byteLength));
  let { byteLength } = source;
  const isBlank = textStart(bytes) === bytes.byteLength;
  if (isBlank || isGzip(bytes) || /^\s*[{[]/.test(new TextDecoder("latin1").decode(bytes.subarray(0, 64)))) {
    bytes = await readFileBytes(path);
    byteLength = bytes.byteLength;
  }
  return recogniseParticleFormat(bytes, path, byteLength) === undefined ? "other" : "particles";
}
