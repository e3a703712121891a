import { InvalidArgumentError } from "commander";
import type { ConvertOptions } from "../../jobs/convert/index.js";
import { declareCommand } from "../command-declaration.js";
import { argument, flag, option } from "../option.js";
import { choiceOption, integerOption, voxelSizeOption } from "../option-values.js";
import { LISTS, type ParticleFormat, sizeOption } from "./lists/options.js";

const MODES = { "0": 0, "1": 1, "2": 2, "6": 6, "12": 12 } as const;

type VolumeFormat = Exclude<NonNullable<ConvertOptions["to"]>, ParticleFormat>;

const VOLUMES: readonly VolumeFormat[] = ["mrc", "em", "npy", "hdf5", "tiff", "zarr"];

export const convertCommand = declareCommand({
  name: "convert",
  description: "Convert volumes and particle lists. The output's name says what to write, or --to does.",
  options: {
    input: argument("one", "volume, particle list, OME-Zarr folder or copick folder"),
    output: argument("one", "file to write; {tomogram} and {class} in it write a list for each"),
    from: option(
      "<format>",
      `read the list as this format, whatever it looks like: ${LISTS.join(", ")}`,
      choiceOption(...LISTS),
    ),
    to: option(
      "<format>",
      `write this format, whatever the name: volumes ${VOLUMES.join(", ")}, or one of the lists`,
      choiceOption(...LISTS, ...VOLUMES),
    ),
    voxelSize: option("<angstrom>", "voxel size to use instead of the input's", voxelSizeOption),
    invert: flag("change the sign of the density, so that protein becomes positive"),
    mode: option(
      "<mode>",
      "MRC mode to write: 0, 1, 2, 6 or 12 (default: 2; for labels the smallest of 0, 1, 6 and 2 that holds them)",
      choiceOption("0", "1", "2", "6", "12"),
    ),
    byteOrder: option("<order>", "byte order of MRC to write", choiceOption("little", "big"), "little"),
    clamp: flag("values outside the range of the mode become its limits instead of an error"),
    permissive: flag("fill a truncated volume up with zeros"),
    dataset: option("<path>", "which data set of an HDF5 file to read"),
    level: option("<number>", "which resolution of an OME-Zarr image to read, 0 the finest", integerOption(0)),
    index: option(
      "<axis=number>",
      "which channel or time point of a volume to read, e.g. c=1 or c=1,t=0; 0 is the first",
      indexOption,
    ),
    tomogram: option("<file>", "the particles' tomogram, for its size and voxel size"),
    size: option("<x,y,z>", "the tomogram's size in voxels, with --voxel-size instead of --tomogram", sizeOption),
    tomograms: option("<file>", "RELION's tomograms.star, for the sizes of several tomograms"),
    tomogramName: option("<name>", "what the list's one tomogram is called in the output"),
    tomogramNames: option("<file>", 'file of lines "number name", for lists that number their tomograms'),
    outputVoxelSize: option(
      "<angstrom>",
      "voxel size of the written coordinates, where these are in voxels",
      voxelSizeOption,
    ),
    tomogramsOutput: option("<file>", "write RELION's tomograms.star, too, for RELION 4 and 5"),
    boxSize: option("<voxels>", "edge of the boxes that .cbox and EMAN2 draw", integerOption(1)),
    lossy: flag("leave out orientations, scores or classes that the format cannot hold"),
  },
  examples: [
    ["cosnet convert tomogram.em tomogram.mrc --voxel-size 10 --invert", "with protein positive and a voxel size"],
    ["cosnet convert map.mrc small.mrc --mode 12", "half the size, as float16"],
    [
      "cosnet convert run.star picks.tbl --tomogram rec_TS_01.mrc",
      "a RELION 5 list for Dynamo, in voxels of that tomogram",
    ],
    ["cosnet convert motl.em picks.star --voxel-size 8.7 --size 512,512,200", "a motivelist for RELION 5"],
    ["cosnet convert picks.star '{tomogram}_{class}.coords' --lossy", "positions alone, a file for each"],
    ["cosnet convert picks.star project --to copick", "into copick's layout of folders"],
  ],
  async run({ input, output, mode, voxelSize, size, outputVoxelSize, boxSize, index, ...flags }, progress) {
    const { convertFile } = await import("../../jobs/convert/index.js");
    const result = await convertFile(input, output, {
      ...flags,
      mode: mode && MODES[mode],
      indices: index,
      voxelSizeAngstrom: voxelSize,
      sizeVoxels: size,
      outputVoxelSizeAngstrom: outputVoxelSize,
      boxSizeVoxels: boxSize,
      ...progress,
    });
    for (const warning of result.warnings) progress.onWarning(warning);
    return { text: `${result.output}: ${result.summary}`, summary: { command: "convert", ...result } };
  },
});

/** "c=1,t=0": one element of each axis that is not in space. */
function indexOption(text: string): NonNullable<ConvertOptions["indices"]> {
  const choices = text.split(",").map((part) => /^([^=]{1,60})=(\d{1,9})$/.exec(part.trim()));
  if (!choices.every((choice) => choice !== null))
    throw new InvalidArgumentError("Give names of axes and numbers, e.g. c=1 or c=1,t=0.");
  return Object.fromEntries(choices.map(([, axis, index]) => [axis!, Number(index)]));
}
