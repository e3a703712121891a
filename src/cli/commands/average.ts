import { countText } from "../../count-text.js";
import { declareCommand } from "../command-declaration.js";
import { flag, option, required, type ValuesOf } from "../option.js";
import { integerOption, listOption, numberOption, tiltRangeOption, voxelSizeOption } from "../option-values.js";
import { paddedNames } from "../printable.js";
import { invert, jobOptions, overwrite, threads, tomogram, voxelSize } from "../shared-options.js";

/** What `average` can be told. */
export const averageTable = {
  particles: required(
    option("<list>", "particles: boxes or 2-D stacks of their own (STAR), or positions in tomograms (any format)"),
  ),
  output: option("<folder>", "maps/, particles.star and report.html go here", String, "average"),
  classes: option("<names>", "classes to average, separated by commas (default: all)", listOption(String)),
  examples: option(
    "<examples...>",
    "what averages begin from: lists of examples with classes, CLASS=FILE with a list, box, structure or map of one class, or the number of a particle of the list (default: a particle, tried out)",
  ),
  tomogram,
  boxSize: option(
    "<voxels>",
    "edge of the boxes (default: the particles' own; where boxes are cut, 1.6 diameters)",
    integerOption(16, 512),
  ),
  boxVoxelSize: option("<angstrom>", "voxel size that boxes are brought to", voxelSizeOption),
  voxelSize,
  particleDiameter: option(
    "<angstrom>",
    "diameter of the particles (default: as the list says, else 0.6 of the box)",
    numberOption(20, 20_000),
  ),
  invert,
  tilts: option("<file>", "tilt angles of the tomograms (.mdoc, .tlt, .rawtlt) or a tomograms.star"),
  tiltRange: option(
    "<degrees>",
    "tilts instead of what files and boxes say: the maximum, or lowest and highest as in -50,60",
    tiltRangeOption,
  ),
  ctf: flag(
    "weight boxes by the contrast transfer of their tilt series (tomograms.star): for tomograms that were not corrected for it",
  ),
  maxShift: option(
    "<angstrom>",
    "how far particles may be off centre (default: an eighth of the diameter)",
    numberOption(0.1, 10_000),
  ),
  maxResolution: option("<angstrom>", "look for poses by nothing finer", numberOption(1, 1000)),
  symmetry: option(
    "<group>",
    "point group that the particles have, such as C1, D7, O or I; by itself the largest that the averages show is found and used",
    String,
    "find",
  ),
  split: option("<count>", "averages to make of each class (default: 1)", integerOption(1, 20)),
  threads,
  overwrite,
};

export const averageCommand = declareCommand({
  name: "average",
  description:
    "Align and average the particles of each class, without a reference: maps, half maps, how far they agree, and the list with poses. Run again, it continues where it was.",
  options: averageTable,
  examples: [
    ["cosnet average --particles picks/picks.star --tomogram tomogram.mrc", "every class of what pick has found"],
    [
      "cosnet average --particles picks/picks.star --tomogram tomogram.mrc --examples clicks.csv",
      "beginning from the examples that the picks were found by",
    ],
    ["cosnet average --particles particles.star --classes ribosome", "one class, of boxes or 2-D stacks of their own"],
    ["cosnet average --particles p.star --split 2 --particle-diameter 250", "two averages of what may be two things"],
  ],
  async run(flags, progress, { command }) {
    const { average } = await import("../../jobs/average/index.js");
    const result = await average({
      ...averageOptionsOf(flags),
      outputFolder: flags.output,
      overwrite: flags.overwrite,
      particlesPath: flags.particles,
      classNames: flags.classes,
      command,
      ...progress,
    });
    const names = paddedNames(result.classes);
    const text = [
      ...result.classes.map(({ particles, used, symmetry, resolutionAngstrom, mapPath }, i) => {
        const resolution =
          resolutionAngstrom === undefined ? "nothing confirmed" : `${resolutionAngstrom.toFixed(1)} Å`;
        return mapPath === undefined
          ? `${names[i]}  not averaged: ${countText(particles, "particle")}`
          : `${names[i]}  ${used} of ${countText(particles, "particle")}  ${symmetry}  ${resolution}  ${mapPath}`;
      }),
      "Resolution is where the halves' correlation falls to 0.143, with phase-randomised correction.",
      ...result.weights.map((sentence) => `${sentence}.`),
      `List: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`,
      ...(result.commands.length > 0 ? ["To go on:", ...result.commands.map((line) => `  ${line}`)] : []),
    ].join("\n");
    return { text, summary: { command: "average", ...result } };
  },
});

/** Those flags as the job takes them; which particles, and what is written, is said beside. */
export function averageOptionsOf(flags: Omit<ValuesOf<typeof averageTable>, "particles" | "classes" | "output">) {
  return {
    ...jobOptions(flags),
    examples: flags.examples,
    tomogramPath: flags.tomogram,
    boxSize: flags.boxSize,
    boxVoxelSizeAngstrom: flags.boxVoxelSize,
    tiltRangeDegrees: flags.tiltRange,
    tiltsPath: flags.tilts,
    multiplyByCtf: flags.ctf,
    largestShiftAngstrom: flags.maxShift,
    maximumResolutionAngstrom: flags.maxResolution,
    symmetry: flags.symmetry,
    ...(flags.split !== undefined && { references: flags.split }),
  };
}
