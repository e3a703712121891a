/** Options of the commands that read and write particle lists. */
import { InvalidArgumentError } from "commander";
import type { ConvertOptions } from "../../../jobs/convert/index.js";
import type { ListToListOptions, Region } from "../../../jobs/filter/index.js";
import { flag, option, type ValuesOf } from "../../option.js";
import { choiceOption, numberOption, voxelSizeOption } from "../../option-values.js";

/** Names of the formats of lists. */
export type ParticleFormat = NonNullable<ListToListOptions["to"]>;

/** All of them, in the order in which help lists them. */
export const LISTS: readonly ParticleFormat[] = [
  ...(["relion5", "relion4", "relion3.1", "relion3.0", "warp", "artiax", "dynamo", "motl", "stopgap", "imod"] as const),
  ...(["imod-points", "coords", "deepetpicker", "cbox", "eman2", "copick", "portal"] as const),
  ...(["csv", "napari", "polnet", "shrec", "pytom", "deepfinder"] as const),
];

/** How lists are read and written by commands that make lists of lists. */
export const listToListOptions = {
  from: option("<format>", "read lists as this format, whatever they look like", choiceOption(...LISTS)),
  to: option("<format>", `write this format, whatever the name: ${LISTS.join(", ")}`, choiceOption(...LISTS)),
  tomogram: option("<file>", "the particles' tomogram, for its size and voxel size"),
  tomograms: option("<file>", "RELION's tomograms.star, for the sizes of several tomograms"),
  size: option("<x,y,z>", "the tomogram's size in voxels, with --voxel-size instead of --tomogram", sizeOption),
  voxelSize: option("<angstrom>", "voxel size of coordinates in voxels to use instead of the lists'", voxelSizeOption),
  outputVoxelSize: option(
    "<angstrom>",
    "voxel size of the written coordinates, where these are in voxels",
    voxelSizeOption,
  ),
  lossy: flag("leave out orientations, scores or classes that the format cannot hold"),
};

/** Their values, under the names that jobs have for them. */
export function listToList(flags: ValuesOf<typeof listToListOptions>): ListToListOptions {
  const { from, to, tomogram, tomograms, size, voxelSize, outputVoxelSize, lossy } = flags;
  return {
    ...{ from, to, tomogram, tomograms, lossy },
    sizeVoxels: size,
    voxelSizeAngstrom: voxelSize,
    outputVoxelSizeAngstrom: outputVoxelSize,
  };
}

const coordinate = numberOption(-1e9, 1e9);

/** "10,10,10,300,300,100": two corners of a box. */
export function regionOption(text: string): Region {
  const [x1, y1, z1, x2, y2, z2, ...rest] = text.split(",").map((part) => coordinate(part.trim()));
  if (z2 === undefined || rest.length > 0)
    throw new InvalidArgumentError("Give the x, y and z of two corners, e.g. 10,10,10,300,300,100.");
  return [
    { x: x1!, y: y1!, z: z1! },
    { x: x2!, y: y2!, z: z2 },
  ];
}

/** "512,512,200": a tomogram's edges along x, y and z in voxels. */
export function sizeOption(text: string): NonNullable<ConvertOptions["sizeVoxels"]> {
  const [x, y, z, ...rest] = text.split(",").map(Number);
  const edges = [x, y, z];
  if (rest.length > 0 || !edges.every((edge) => Number.isInteger(edge) && edge! > 0 && edge! < 1e6))
    throw new InvalidArgumentError("Give three whole numbers of voxels, e.g. 512,512,200.");
  return { x: x!, y: y!, z: z! };
}
