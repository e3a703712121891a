import { ConfigError } from "../../../errors.js";
import { starLoop } from "../../text/star/document.js";
import { writeStar } from "../../text/star/write.js";
import type { ParticleList } from "../model/particle-list.js";
import { type PlacementOptions, tomogramSize } from "../model/placement.js";

/** Where the sizes and pixel sizes come from, and the lines at the head of the file. */
export interface WriteTomogramsOptions extends PlacementOptions {
  readonly comments?: readonly string[];
}

/**
 * RELION's tomograms.star for the tomograms of a list: what makes positions from the corner of its centred ones from the
 * corner. Sizes are in pixels of the tilt series (the list's coordinate pixels), the binning leads to the tomogram's voxels.
 * @throws ConfigError when a tomogram has no name, or sizes or the pixel size are not known.
 */
export function writeTomograms(list: ParticleList, options: WriteTomogramsOptions): string {
  const names = [...new Set(list.particles.map(({ tomogramName }) => tomogramName))];
  const voxel = options.tomogramVoxelSizeAngstrom ?? options.voxelSizeAngstrom;
  const common = list.coordinatePixelSizeAngstrom ?? list.voxelSizeAngstrom ?? voxel;
  const own = new Map(list.particles.map((one) => [one.tomogramName, one.coordinatePixelSizeAngstrom]));
  const known = names.map((name) => {
    if (name === undefined) throw new ConfigError("particles without a tomogram's name cannot be in a tomograms.star");
    const pixel = own.get(name) ?? common;
    if (pixel === undefined)
      throw new ConfigError("tomograms.star states the pixel size of the tilt series, and it is not known", {
        hint: "Give the voxel size in Å (--voxel-size).",
      });
    return { name, size: tomogramSize(name, options), pixel };
  });
  const optics = (column: string, otherwise: string) =>
    known.map(() => list.optics?.columns.get(column)?.[0] ?? otherwise);
  const edge = (axis: "x" | "y" | "z") => known.map(({ size, pixel }) => String(Math.round(size[axis] / pixel)));
  const table = starLoop([
    ["rlnTomoName", known.map(({ name }) => name)],
    ["rlnVoltage", optics("rlnVoltage", "300")],
    ["rlnSphericalAberration", optics("rlnSphericalAberration", "2.7")],
    ["rlnAmplitudeContrast", optics("rlnAmplitudeContrast", "0.1")],
    ["rlnTomoTiltSeriesPixelSize", known.map(({ pixel }) => String(pixel))],
    ["rlnTomoTomogramBinning", known.map(({ pixel }) => String(Number(((voxel ?? pixel) / pixel).toFixed(6))))],
    ["rlnTomoSizeX", edge("x")],
    ["rlnTomoSizeY", edge("y")],
    ["rlnTomoSizeZ", edge("z")],
  ]);
  const comments = [...(options.comments ?? []), "version 50001"];
  return writeStar({ blocks: [{ name: "global", comments, tables: [table] }] });
}
