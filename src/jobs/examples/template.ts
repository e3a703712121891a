import { basename } from "node:path";
import { ConfigError } from "../../errors.js";
import { type LoadComplexesOptions, loadComplex } from "../../files/complexes/index.js";
import { diameterOfGyration } from "../../infer/index.js";
import { type Complex, createRenderer, type ImagingOptions } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import type { VolumeArgument } from "./argument.js";

/** Poses in which a structure or map is drawn: enough for a prototype that does not depend on their choice. */
const POSES = 24;

/** How templates are drawn: as boxes of `edge` voxels that the network takes. */
export interface TemplateOptions extends Omit<LoadComplexesOptions, "voxelSizeAngstrom"> {
  readonly imaging: Partial<ImagingOptions>;
  readonly edge: number;
  readonly boxVoxelSizeAngstrom: number;
  /** Of maps that do not state theirs, or state an impossible one. */
  readonly voxelSizeAngstrom?: number | undefined;
  readonly seed: number;
}

/** A pose of a structure or map. */
export interface TemplatePose {
  readonly className: string;
  /** `[edge, edge, edge]`, zero mean, unit variance, protein positive. */
  readonly volume: Float32Array;
  readonly source: string;
  readonly diameterAngstrom: number;
}

/**
 * A structure or map drawn noise-free in random poses, under the missing wedge and contrast transfer of `imaging`.
 * @throws ConfigError when a map has no voxel size; FileError, FormatError, AbortError.
 */
export async function drawTemplate(
  { path, className }: VolumeArgument,
  options: TemplateOptions,
): Promise<TemplatePose[]> {
  const { imaging, edge, boxVoxelSizeAngstrom: voxelSizeAngstrom, seed } = options;
  const complex = await loadTemplate(path, className, options);
  const renderer = createRenderer({ ...imaging, boxSize: edge, voxelSizeAngstrom });
  const random = createRandom(seed).fork("support", className);
  const diameterAngstrom = diameterOfGyration(complex.gyrationRadiusAngstrom);
  return Array.from({ length: POSES }, (_, pose) => ({
    className,
    volume: renderer.render(complex, { random: random.fork("pose", pose), snr: Number.POSITIVE_INFINITY }).volume,
    source: `${basename(path)}, pose ${pose + 1}`,
    diameterAngstrom,
  }));
}

/** A map's own voxel size counts before the tomogram's, which is given for another file. */
async function loadTemplate(path: string, className: string, options: TemplateOptions): Promise<Complex> {
  const { voxelSizeAngstrom, ...reading } = options;
  return loadComplex(path, className, reading).catch((error) => {
    if (error instanceof ConfigError && voxelSizeAngstrom !== undefined) return loadComplex(path, className, options);
    throw error;
  });
}
