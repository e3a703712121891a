/** Volumes of hundreds of megabytes, written and read section by section, with no second copy in memory. */
import { createStatistics, MRC_HEADER, type MrcMode, writeMrc } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { createVolume, type Shape3, type Vector3 } from "../../volume/index.js";
import { createGrowingFile } from "../disk/index.js";
import { eachSection, openTomogram } from "./open.js";

export interface WriteSectionsOptions {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
  readonly mode: MrcMode;
  /** Fills `section` with the values of section z, `[ny, nx]`. */
  readonly section: (z: number, section: Float32Array) => void;
  readonly imageStack?: boolean;
  /** Where viewers put the first voxel, in Å. */
  readonly originAngstrom?: Vector3 | undefined;
  readonly labels?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Writes an MRC file section by section under a temporary name and renames it when it is whole. Labels must fit their
 * mode; nothing is clamped or checked here.
 * @throws FileError, AbortError
 */
export async function writeMrcSections(path: string, options: WriteSectionsOptions): Promise<void> {
  const { shape, voxelSizeAngstrom, mode, imageStack = false, labels = ["Written by cosnet"] } = options;
  const [nz, ny, nx] = shape;
  await using file = await createGrowingFile(path);
  const values = new Float32Array(ny * nx);
  const narrow = narrowArray(mode, ny * nx);
  const bytes = narrow ? new Uint8Array(narrow.buffer) : new Uint8Array(values.buffer);
  const statistics = createStatistics();
  for (let z = 0; z < nz; z++) {
    if (z % 8 === 0) await breathe(options.signal);
    options.section(z, values);
    statistics.add(values);
    narrow?.set(values);
    await file.write(bytes, 1024 + z * bytes.byteLength);
  }
  // A header of one voxel, with the sizes and statistics of the whole put in.
  const header = writeMrc(createVolume([1, 1, 1], voxelSizeAngstrom), {
    mode,
    imageStack,
    labels,
    originAngstrom: options.originAngstrom,
    byteOrder: HOST_IS_LITTLE ? "little" : "big",
  }).subarray(0, 1024);
  const { minimum, maximum, mean, standardDeviation } = statistics.result();
  const mz = imageStack ? 1 : nz;
  patch(header, {
    ...{ nx, ny, nz, mx: nx, my: ny, mz },
    dmin: minimum,
    dmax: maximum,
    dmean: mean,
    rms: standardDeviation,
    xlen: nx * voxelSizeAngstrom,
    ylen: ny * voxelSizeAngstrom,
    zlen: mz * voxelSizeAngstrom,
  });
  await file.write(header, 0);
  await file.finish();
}

/** Values in the file's own type, or undefined for float32. */
function narrowArray(mode: MrcMode, length: number) {
  if (mode === 0) return new Int8Array(length);
  if (mode === 1) return new Int16Array(length);
  if (mode === 6) return new Uint16Array(length);
  return undefined;
}

function patch(header: Uint8Array, values: Readonly<Record<string, number>>): void {
  const view = new DataView(header.buffer, header.byteOffset, 1024);
  for (const { name, type, offset } of MRC_HEADER) {
    const value = values[name];
    if (value === undefined) continue;
    if (type === "float32") view.setFloat32(offset, value, HOST_IS_LITTLE);
    else view.setInt32(offset, value, HOST_IS_LITTLE);
  }
}

/** The sections of a volume in memory, for `writeMrcSections`. */
export function sectionOf(
  data: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> },
  [, ny, nx]: Shape3,
) {
  return (z: number, into: Float32Array): void => into.set(data.subarray(z * ny * nx, (z + 1) * ny * nx));
}

/**
 * Reads an MRC file that `writeMrcSections` wrote into `into`, section by section.
 * @throws FileError, FormatError
 */
export async function readMrcSections(
  path: string,
  into: Float32Array | Uint8Array | Uint16Array | Uint32Array,
): Promise<void> {
  await using volume = await openTomogram(path);
  const [, ny, nx] = volume.shape;
  await eachSection(volume, (section, z) => into.set(section, z * ny * nx));
}
