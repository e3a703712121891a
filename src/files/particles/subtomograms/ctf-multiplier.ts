import { ConfigError } from "../../../errors.js";
import { type Subtomogram, tomogramTransfer, withWeight } from "../../../infer/index.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import { imagesAt } from "../images-at.js";
import { openTiltSeries, type TiltSeriesReader } from "../tilt-series.js";
import type { WarningCounter } from "../warning-counter.js";
import type { OpenSubtomogramsOptions } from "./subtomogram-options.js";

/** Where tilt series are described, and what is said of them. */
interface CtfSource {
  readonly path: string;
  readonly doubts: WarningCounter;
  readonly statements: Set<string>;
}

/**
 * @returns what multiplies a box of a tomogram by the contrast transfer of its tilt series, which its weight then has squared.
 * @throws (from it) ConfigError where no defocus is known; FileError, FormatError for a damaged tomograms.star.
 */
export function createCtfMultiplier(
  list: ParticleList,
  { path, doubts, statements }: CtfSource,
  { tiltsPath }: OpenSubtomogramsOptions,
): (box: Subtomogram, voxelSizeAngstrom: number, particle: Particle, where: string) => Promise<Subtomogram> {
  const tomogramsPath = tiltsPath !== undefined && /\.star$/i.test(tiltsPath) ? tiltsPath : undefined;
  let series: Promise<TiltSeriesReader | undefined> | undefined;
  return async ({ edge, spectrum, weight }, voxelSizeAngstrom, particle, where) => {
    series ??= openTiltSeries(path, tomogramsPath);
    const reader = await series;
    const own = particle.tomogramName === undefined ? undefined : await reader?.of(particle.tomogramName);
    if (!reader || !own?.images.some(({ transfer }) => transfer))
      throw new ConfigError("contrast transfer is asked for, and no defocus of its tilt series is known", {
        where,
        hint: "Put a tomograms.star with rlnDefocusU of each tilt image beside the list.",
      });
    const transfer = tomogramTransfer(edge, voxelSizeAngstrom, imagesAt(particle, list, own, doubts));
    statements.add(`boxes are multiplied by the contrast transfer of the tilt series in ${reader.path}`);
    return withWeight({ edge, spectrum, weight: transfer.map((value, at) => value * weight[at]!) }, "plain");
  };
}
