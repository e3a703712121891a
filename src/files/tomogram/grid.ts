/** A tomogram of any size as the detector and the classifier see it: on their voxel grid, read piece by piece. */
import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { resampledLength, resampleSections } from "../../infer/index.js";
import { checkMrcLength, chosenVoxelSize, decodeVoxels, isGzip, MRC_MODES, parseMrcHeader } from "../../io/index.js";
import { type Progress, throwIfAborted } from "../../progress.js";
import { type Shape3, type Vector3, voxelCount } from "../../volume/index.js";
import { fileError, openRandomAccess } from "../disk/index.js";
import { readVolumeFile } from "./volume-file.js";

/** Values of any rows of any section; the file's own sign and scale. */
export interface SectionSource extends AsyncDisposable {
  readonly shape: Shape3;
  /** Rows `firstRow` to `endRow - 1` of section z, `[rows, nx]`. */
  rows(z: number, firstRow: number, endRow: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A tomogram on the grid that is searched. Its first voxel is the file's first voxel, so positions in Ångström are the same. */
export interface TomogramGrid extends SectionSource {
  readonly path: string;
  readonly voxelSizeAngstrom: number;
  readonly fileShape: Shape3;
  readonly fileVoxelSizeAngstrom: number;
  /** Edge lengths of the tomogram as particle lists count them: voxels times voxel size. */
  readonly sizeAngstrom: Vector3;
  readonly warnings: readonly string[];
}

export interface OpenGridOptions extends Progress {
  /** Voxel size that the networks take. */
  readonly voxelSizeAngstrom: number;
  /** Believed instead of the header's. */
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** Where the resampled tomogram is kept until the job is done. */
  readonly workFolder: string;
}

/** A file whose voxels differ by no more than this is taken as it is: networks see particles of more varied sizes. */
const SAME_VOXEL_SIZE = 0.02;

/**
 * Opens a tomogram: MRC of any size, section by section; EM, NPY, compressed MRC and MRC with unusual axes whole. Where its
 * voxels are not the networks', it is resampled once, section by section, into a file in the work folder, which a later
 * run finds again, or goes on with. `close` it.
 * @throws FileError, FormatError; ConfigError when no voxel size is known or it is absurd.
 */
export async function openTomogramGrid(path: string, options: OpenGridOptions): Promise<TomogramGrid> {
  const file = await openSections(path, options.fileVoxelSizeAngstrom);
  const { shape, fileVoxelSizeAngstrom, warnings } = file;
  const step = options.voxelSizeAngstrom / fileVoxelSizeAngstrom;
  const [nz, ny, nx] = shape;
  const common = {
    path,
    fileShape: shape,
    fileVoxelSizeAngstrom,
    sizeAngstrom: { x: nx * fileVoxelSizeAngstrom, y: ny * fileVoxelSizeAngstrom, z: nz * fileVoxelSizeAngstrom },
    warnings,
  };
  if (Math.abs(step - 1) <= SAME_VOXEL_SIZE) return { ...file, ...common, voxelSizeAngstrom: fileVoxelSizeAngstrom };
  try {
    const gridShape = shape.map((length) => resampledLength(length, step)) as unknown as Shape3;
    if (Math.min(...gridShape) < 8)
      throw new ConfigError(
        `${path}: at ${fileVoxelSizeAngstrom} Å a voxel the tomogram is only ${gridShape.join(" x ")} voxels of ${options.voxelSizeAngstrom} Å (z, y, x)`,
        { hint: "The voxel size must be wrong; give the true one with --voxel-size." },
      );
    const scratch = join(options.workFolder, `resampled-${options.voxelSizeAngstrom}.f32`);
    const bytes = 4 * voxelCount(gridShape);
    const finished = await stat(scratch).then(
      ({ size }) => size === bytes,
      () => false,
    );
    if (!finished) await resampleInto(scratch, file, step, gridShape, options);
    const grid = await openFloats(scratch, gridShape);
    return { ...grid, ...common, voxelSizeAngstrom: options.voxelSizeAngstrom };
  } finally {
    await file.close();
  }
}

/** Goes on after the last whole section of a part that a stopped run left. */
async function resampleInto(
  path: string,
  file: SectionSource,
  step: number,
  [total, rows, columns]: Shape3,
  { onProgress, signal }: OpenGridOptions,
): Promise<void> {
  const temporary = `${path}.part`;
  const sectionBytes = 4 * rows * columns;
  await mkdir(dirname(path), { recursive: true });
  let output: FileHandle | undefined;
  try {
    output = await open(temporary, "a");
    let done = Math.floor((await output.stat()).size / sectionBytes);
    await output.truncate(done * sectionBytes);
    for await (const plane of resampleSections(file.shape, step, (z) => file.rows(z, 0, file.shape[1]), done)) {
      throwIfAborted(signal);
      const bytes = new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength);
      for (let written = 0; written < bytes.byteLength; )
        written += (await output.write(bytes, written, bytes.byteLength - written)).bytesWritten; // at the end: "a"
      onProgress?.({ stage: "resampling the tomogram", done: ++done, total });
    }
    await output.close();
    output = undefined;
    await rename(temporary, path);
  } catch (cause) {
    if (cause instanceof Error && "tag" in cause) throw cause;
    throw fileError(path, "written", cause);
  } finally {
    await output?.close();
  }
}

/** Float32 values in the machine's own byte order: the file never leaves it. */
async function openFloats(path: string, shape: Shape3): Promise<SectionSource> {
  const source = await openRandomAccess(path);
  const [, ny, nx] = shape;
  return {
    shape,
    async rows(z, firstRow, endRow) {
      const bytes = await source.read(4 * (z * ny + firstRow) * nx, 4 * (endRow - firstRow) * nx);
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    },
    close: () => source.close(),
    [Symbol.asyncDispose]: () => source.close(),
  };
}

async function openSections(path: string, override: number | undefined) {
  const source = await openRandomAccess(path);
  try {
    const start = await source.read(0, Math.min(1024, source.byteLength));
    const mrc = !isGzip(start) && start.byteLength === 1024 ? tryHeader(start, path, source.byteLength) : undefined;
    if (mrc && mrc.header.axes.join() === "2,1,0") {
      const { header, warnings } = mrc;
      checkMrcLength(header, source.byteLength, path);
      const fileVoxelSizeAngstrom = knownVoxelSize(chosenVoxelSize(header, override, warnings), path);
      const { shape, mode, dataOffset } = header;
      const [, ny, nx] = shape;
      const width = MRC_MODES[mode].bytesPerVoxel;
      return {
        shape,
        fileVoxelSizeAngstrom,
        warnings,
        rows: async (z: number, firstRow: number, endRow: number) =>
          decodeVoxels(
            await source.read(dataOffset + (z * ny + firstRow) * nx * width, (endRow - firstRow) * nx * width),
            mode,
            header,
          ),
        close: () => source.close(),
        [Symbol.asyncDispose]: () => source.close(),
      };
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  await source.close();
  const { volume, voxelSizeAngstrom, warnings } = await readVolumeFile(path, { voxelSizeAngstrom: override });
  const { data, shape } = volume;
  const [, ny, nx] = shape;
  return {
    shape,
    fileVoxelSizeAngstrom: knownVoxelSize(voxelSizeAngstrom, path),
    warnings: [...warnings],
    rows: async (z: number, firstRow: number, endRow: number) =>
      data.subarray((z * ny + firstRow) * nx, (z * ny + endRow) * nx),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** What is no MRC file goes to the readers of whole files, which know what is wrong with it. */
function tryHeader(start: Uint8Array, path: string, byteLength: number) {
  try {
    return parseMrcHeader(start, { name: path, byteLength });
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function knownVoxelSize(voxelSizeAngstrom: number | undefined, path: string): number {
  if (voxelSizeAngstrom !== undefined) return voxelSizeAngstrom;
  throw new ConfigError(`${path}: the file does not state its voxel size`, {
    hint: "Give it in Ångström with --voxel-size.",
  });
}

/** How grid values become what the networks take: `(value - mean) * scale`, protein positive. */
export interface GreyScale {
  readonly mean: number;
  /** Negative where protein is dark in the file. */
  readonly scale: number;
}

/**
 * The cube of `edge` voxels from `corner` `[z, y, x]` on, scaled; 0 beyond the tomogram and where the file holds no number.
 * Rows are read whole and kept for the next cube of the same rows, so cubes along x cost one reading.
 */
export function createRegionReader(grid: SectionSource, { mean, scale }: GreyScale) {
  const [nz, ny, nx] = grid.shape;
  let band: { readonly key: string; readonly sections: readonly Float32Array[] } | undefined;
  return async (corner: Shape3, edge: number): Promise<Float32Array> => {
    const [z0, y0, x0] = corner;
    const range = (first: number, length: number) =>
      [Math.min(length, Math.max(0, first)), Math.max(0, Math.min(length, first + edge))] as const;
    const [firstZ, endZ] = range(z0, nz);
    const [firstY, endY] = range(y0, ny);
    const [firstX, endX] = range(x0, nx);
    const region = new Float32Array(edge ** 3);
    if (firstZ >= endZ || firstY >= endY || firstX >= endX) return region;
    const key = [firstZ, endZ, firstY, endY].join();
    if (band?.key !== key) {
      const sections: Float32Array[] = [];
      for (let z = firstZ; z < endZ; z++) sections.push(await grid.rows(z, firstY, endY));
      band = { key, sections };
    }
    for (let z = firstZ; z < endZ; z++) {
      const rows = band.sections[z - firstZ]!;
      for (let y = firstY; y < endY; y++) {
        const from = (y - firstY) * nx;
        const to = ((z - z0) * edge + (y - y0)) * edge - x0;
        for (let x = firstX; x < endX; x++) {
          const value = (rows[from + x]! - mean) * scale;
          region[to + x] = Number.isFinite(value) ? value : 0;
        }
      }
    }
    return region;
  };
}
