/** A tomogram of any size as the detector and the classifier see it: on their voxel grid, read piece by piece. */
import { rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError, throwIfAborted } from "../../errors.js";
import { resampledLength, resampleSections } from "../../infer/index.js";
import { cutBlock } from "../../io/index.js";
import type { Progress } from "../../progress.js";
import { type Shape3, voxelCount } from "../../volume/index.js";
import { fileError, makeFolder, openRandomAccess, openWorkNotes } from "../disk/index.js";
import { openTomogram, type Tomogram } from "./open.js";
import { type SurveyedTomogram, surveyed, type TomogramSurvey, withSurvey } from "./survey.js";
import type { StatedVoxelSize } from "./voxel-size.js";

/**
 * A tomogram on the grid that is searched; `await using` it. Its first voxel is the file's first voxel, so positions in
 * Ångström are the same.
 */
export interface TomogramGrid extends Omit<Tomogram, "kind" | "readStored" | "readNumbers"> {
  readonly fileShape: Shape3;
  readonly fileVoxelSizeAngstrom: number;
  /** Where it was asked for. */
  readonly survey?: TomogramSurvey;
}

/** Which grid a tomogram is opened on. */
export interface OpenGridOptions extends Progress {
  /** Voxel size that the networks take. */
  readonly voxelSizeAngstrom: number;
  /** Believed instead of the header's. */
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** What a list made from this tomogram says of it. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** Where the resampled tomogram is kept until the job is done. */
  readonly workFolder: string;
  /** Look at every voxel first, or know what an earlier look has shown: what is odd about them joins the warnings. */
  readonly survey?: boolean | TomogramSurvey | undefined;
}

/** A file whose voxels differ by no more than this is taken as it is: networks see particles of more varied sizes. */
const SAME_VOXEL_SIZE = 0.02;

/**
 * Opens a tomogram of any kind. Where its voxels are not the networks', it is resampled once, section by section, into a
 * file in the work folder, which a later run finds again, or continues.
 * @throws as `openTomogram`; ConfigError when the voxel size is absurd.
 */
export async function openTomogramGrid(path: string, options: OpenGridOptions): Promise<TomogramGrid> {
  const opened = await openTomogram(path, {
    ...{ voxelSizeAngstrom: options.fileVoxelSizeAngstrom, listedVoxelSize: options.listedVoxelSize },
    isSpecimen: true,
  });
  const file = await surveyedOnce(opened, options);
  const { shape, voxelSizeAngstrom: fileVoxelSizeAngstrom } = file;
  const grid = { ...file, fileShape: shape, fileVoxelSizeAngstrom };
  const step = options.voxelSizeAngstrom / fileVoxelSizeAngstrom;
  if (Math.abs(step - 1) <= SAME_VOXEL_SIZE) return grid;
  await using _ = file;
  const gridShape = shape.map((length) => resampledLength(length, step)) as unknown as Shape3;
  if (Math.min(...gridShape) < 8)
    throw new ConfigError(
      `${path}: at ${fileVoxelSizeAngstrom} Å a voxel the tomogram is only ${gridShape.join(" x ")} voxels of ${options.voxelSizeAngstrom} Å (z, y, x)`,
      { hint: "The voxel size must be wrong, or --particle-diameter; give the true one with --voxel-size." },
    );
  const scratch = join(options.workFolder, `resampled-${options.voxelSizeAngstrom}.f32`);
  const isFinished = await stat(scratch).then(
    ({ size }) => size === 4 * voxelCount(gridShape),
    () => false,
  );
  if (!isFinished) await resampleInto(scratch, file, step, gridShape, options);
  return { ...grid, voxelSizeAngstrom: options.voxelSizeAngstrom, ...(await openFloats(scratch, gridShape)) };
}

/** @throws as `surveyed`. */
async function surveyedOnce(
  tomogram: Tomogram,
  { survey, onProgress, signal }: Pick<OpenGridOptions, "survey" | "onProgress" | "signal">,
): Promise<Tomogram & Partial<SurveyedTomogram>> {
  if (typeof survey === "object") return withSurvey(tomogram, survey);
  return survey ? surveyed(tomogram, { onProgress, signal }) : tomogram;
}

/** Continues after the last whole section of a part that a stopped run left. */
async function resampleInto(
  path: string,
  { shape, read }: Tomogram,
  step: number,
  [total, rows, columns]: Shape3,
  { onProgress, signal }: Progress,
): Promise<void> {
  const failed = (cause: unknown): never => {
    throw fileError(path, "written", cause);
  };
  await makeFolder(dirname(path)).catch(failed);
  const sectionBytes = 4 * rows * columns;
  {
    await using part = await openWorkNotes(`${path}.part`, sectionBytes);
    let done = part.earlierBytes / sectionBytes;
    for await (const plane of resampleSections(shape, step, (z) => read([z, 0, 0], [1, shape[1], shape[2]]), done)) {
      throwIfAborted(signal);
      await part.append(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength));
      onProgress?.({ stage: "resampling the tomogram", done: ++done, total });
    }
  }
  await rename(`${path}.part`, path).catch(failed);
}

/** Float32 values in the machine's own byte order: the file never leaves it. */
async function openFloats(path: string, shape: Shape3) {
  const file = await openRandomAccess(path);
  const [, ny, nx] = shape;
  const read: Tomogram["read"] = async ([z, y, x], [depth, height, width]) => {
    const block = new Float32Array(depth * height * width);
    for (let k = 0; k < depth; k++) {
      const bytes = await file.read(4 * ((z + k) * ny + y) * nx, 4 * height * nx);
      const rows = new Float32Array(bytes.buffer, bytes.byteOffset, height * nx);
      block.set(cutBlock(rows, [1, height, nx], [0, 0, x], [1, height, width]), k * height * width);
    }
    return block;
  };
  return { shape, read, [Symbol.asyncDispose]: file.close };
}
