import { countText } from "../../count-text.js";
import { declareCommand } from "../command-declaration.js";
import { flag, option, required } from "../option.js";
import { integerOption, numberOption, tiltRangeOption, voxelSizeOption } from "../option-values.js";
import { invert, jobOptions, overwrite, threads, tomogram, voxelSize } from "../shared-options.js";

export const alignCommand = declareCommand({
  name: "align",
  description: "Find how particles lie: rotation and shift of each against a map, a structure or one of them.",
  options: {
    particles: required(
      option("<list>", "list of the particles: boxes, RELION 5 2-D stacks, or positions in a tomogram"),
    ),
    reference: required(
      option("<file>", "a map, a structure (PDB, mmCIF), or the number of a particle of the list, from 1"),
    ),
    output: option("<folder>", "particles.star, align.json and report.html go here", String, "aligned"),
    referenceVoxelSize: option("<angstrom>", "voxel size of the reference instead of its file's", voxelSizeOption),
    boxSize: option("<voxels>", "edge of the boxes; needed where they are cut from a tomogram", integerOption(8, 256)),
    particleDiameter: option("<angstrom>", "largest diameter, if not as the reference shows", numberOption(20, 20_000)),
    symmetry: option("<group>", "point group of the reference in RELION's frame, such as C1, D7, O or I", String, "C1"),
    mirror: flag("align to the mirror image of the reference"),
    maxResolution: option("<angstrom>", "do not compare finer detail", numberOption(1, 1000)),
    maxShift: option(
      "<angstrom>",
      "how far particles may be off centre (default: 5 voxels)",
      numberOption(0.1, 10_000),
    ),
    tilts: option("<file>", "tilt angles of the tomograms (.mdoc, .tlt, .rawtlt) or a tomograms.star"),
    tiltRange: option(
      "<degrees>",
      "tilts instead of what files and boxes say: the maximum, or lowest and highest as in -50,60",
      tiltRangeOption,
    ),
    lists: option("<names...>", "further lists to write, in the format that each ends in, such as particles.tbl"),
    voxelSize,
    invert,
    tomogram,
    threads,
    overwrite,
  },
  examples: [
    ["cosnet align --particles particles.star --reference ribosome.mrc", "everything, in aligned/"],
    [
      "cosnet align --particles p.star --reference 1OEL.pdb --symmetry D7 --lists p.tbl",
      "a structure; for Dynamo, too",
    ],
    ["cosnet align --particles picks.star --reference map.mrc --box-size 48", "cut from the tomograms of the list"],
    ["cosnet align --particles p.star --reference 12 --particle-diameter 250", "to the twelfth particle"],
  ],
  async run(flags, progress, { command }) {
    const { align } = await import("../../jobs/align/index.js");
    const result = await align({
      ...jobOptions(flags),
      particlesPath: flags.particles,
      reference: flags.reference,
      referenceVoxelSizeAngstrom: flags.referenceVoxelSize,
      boxSize: flags.boxSize,
      symmetry: flags.symmetry,
      mirror: flags.mirror,
      maximumResolutionAngstrom: flags.maxResolution,
      largestShiftAngstrom: flags.maxShift,
      tiltsPath: flags.tilts,
      tiltRangeDegrees: flags.tiltRange,
      lists: flags.lists,
      tomogramPath: flags.tomogram,
      command,
      ...progress,
    });
    const { confident, particles, hand, medianConfidence } = result;
    const text = [
      `${confident} of ${countText(particles, "particle")} aligned with a confidence of one half or more (median ${medianConfidence.toFixed(2)}).`,
      ...(hand ? [`Hand: ${hand.asGiven} of ${hand.of} fit the reference better than its mirror image.`] : []),
      `List: ${result.starPath}\nAll maxima: ${result.jsonPath}\nReport: ${result.reportPath} (open it in a browser)`,
    ].join("\n");
    return { text, summary: { command: "align", ...result } };
  },
});
