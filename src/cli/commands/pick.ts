import { countText } from "../../count-text.js";
import type { PickResult } from "../../jobs/pick/index.js";
import { declareCommand } from "../command-declaration.js";
import { given } from "../given.js";
import { argument, flag, onUnlessNot, option, required, type ValuesOf } from "../option.js";
import { numberOption } from "../option-values.js";
import { paddedNames } from "../printable.js";
import {
  adapt,
  detectionThreshold,
  detector,
  device,
  invert,
  invertExamples,
  jobOptions,
  model,
  orientations,
  overwrite,
  particleDiameter,
  precision,
  testTimeAveraging,
  threads,
  voxelSize,
} from "../shared-options.js";

/** What `pick` can be told. */
export const pickTable = {
  tomograms: argument(
    "several",
    "tomograms: MRC of any size; EM, NumPy, HDF5, OME-Zarr and compressed files up to 2 GB",
  ),
  examples: required(
    option(
      "<examples...>",
      "lists of examples (positions or images, with classes), or CLASS=FILE with a list, box, structure or map of one class",
    ),
  ),
  negatives: option("<lists...>", "lists of particles that are of none of the classes"),
  examplesTomogram: option("<file>", "the examples' tomogram, where their list names none"),
  tomogramName: option("<names...>", "what lists call the tomograms, one for each (default: TS_01 of rec_TS_01.mrc)"),
  particles: option(
    "<lists...>",
    "identify each particle of these lists (positions in any format), in place of searching the tomograms",
  ),
  output: option("<folder>", "picks.star, picks.csv, candidates.star and report.html go here", String, "picked"),
  model,
  detector,
  voxelSize,
  particleDiameter,
  invert,
  invertExamples,
  detectionThreshold,
  cutOff: option(
    "<probability>",
    "lowest probability of a pick's class; decides alone (default: any where the classes together are more probable than none; 0.5 at the border, where a part of the particle is missing)",
    numberOption(0, 1),
  ),
  closedSet: flag("every candidate is a particle of one of the classes"),
  exampleSearch: onUnlessNot("do not look where the detector finds no particle for what looks like the examples"),
  orientations,
  filament: option(
    "<classes...>",
    "classes that are filaments, along which picks are spaced (default: as the examples show)",
  ),
  notFilament: option("<classes...>", "classes that are not filaments, whatever the examples show"),
  filamentSpacing: option(
    "<angstrom>",
    "smallest distance between picks along a filament (default, and least: 6 voxels of the search, 60 Å at 10 Å)",
    numberOption(1, 10_000),
  ),
  learn: onUnlessNot("keep the classes as their examples show them: do not learn from the candidates assigned to them"),
  spacing: option("<factor>", "smallest distance between two centres, in sums of their radii", numberOption(0, 2)),
  border: option("<angstrom>", "leave out centres nearer than this to a face of the tomogram", numberOption(0)),
  mask: option("<file>", "volume that is above 0.5 where particles are looked for"),
  gold: onUnlessNot("keep candidates that are as dense as gold"),
  testTimeAveraging,
  recentre: flag("cut each box again, centred on the mask that the network gives"),
  adapt,
  masks: flag("write the mask of every pick (MRC)"),
  tilt: option("<degrees>", "maximum tilt angle, for structures as examples", numberOption(1, 90)),
  defocus: option("<micrometre>", "underfocus, for structures as examples", numberOption(0, 50)),
  ctf: onUnlessNot("the tomogram is CTF-corrected, for structures as examples"),
  precision,
  threads,
  device,
  overwrite,
  keepWork: flag("keep the work of the search, so that another run, with other examples, starts from it"),
};

export const pickCommand = declareCommand({
  name: "pick",
  description:
    "Find and identify every particle of whole tomograms from one or more examples of each class. Stopped and run again, it continues where it was.",
  options: pickTable,
  examples: [
    ["cosnet pick tomogram.mrc --examples examples.star", "everything, in picked/"],
    [
      "cosnet pick a.mrc b.mrc c.mrc --examples examples.star --examples-tomogram a.mrc --output picks/",
      "three tomograms, by examples of the first",
    ],
    ["cosnet pick tomogram.mrc --examples ribosome=clicks.csv proteasome=clicks.mod", "one file for each class"],
    [
      "cosnet pick tomogram.mrc --examples ribosome=6QZP.cif --tilt 60 --defocus 4 --voxel-size 7.84",
      "by a structure as template, instead of examples",
    ],
    ["cosnet pick tomogram.mrc --examples virion.csv --particle-diameter 1250", "particles larger than complexes"],
    [
      "cosnet pick tomogram.mrc --examples clicks.star --particles matched.star",
      "what the particles of another program's list are: a class, or none of these",
    ],
  ],
  async run(flags, progress, { command }) {
    const { pick } = await import("../../jobs/pick/index.js");
    const result = await pick({
      ...pickOptionsOf(flags),
      outputFolder: flags.output,
      overwrite: flags.overwrite,
      tomogramPaths: flags.tomograms,
      tomogramNames: flags.tomogramName,
      particles: flags.particles,
      masks: flags.masks,
      keepWork: flags.keepWork,
      command,
      ...progress,
    });
    return { text: resultText(result), summary: { command: "pick", ...result }, failed: result.picks === 0 };
  },
});

/** Those flags as the job takes them; which tomograms and particles, and what is written, is said beside. */
export function pickOptionsOf(
  flags: Omit<ValuesOf<typeof pickTable>, "tomograms" | "tomogramName" | "particles" | "output">,
) {
  return {
    ...jobOptions(flags),
    examples: flags.examples,
    negatives: flags.negatives,
    examplesTomogramPath: flags.examplesTomogram,
    excludeGold: flags.gold,
    closedSet: flags.closedSet,
    searchByExamples: flags.exampleSearch,
    filaments: flags.filament,
    notFilaments: flags.notFilament,
    filamentSpacingAngstrom: flags.filamentSpacing,
    learn: flags.learn,
    maskPath: flags.mask,
    recentre: flags.recentre,
    ...given({ cutOff: flags.cutOff, spacing: flags.spacing, borderAngstrom: flags.border }),
    imaging: {
      ...given({ tiltDegrees: flags.tilt }),
      ...(flags.defocus !== undefined && { defocusMicrometre: [flags.defocus, flags.defocus] as const }),
      ...(!flags.ctf && { contrastTransfer: false }),
    },
  };
}

function resultText(result: PickResult): string {
  const { picks, candidates, classes, tomograms, lessProbable, assumptions, picksPath, reportPath, seconds } = result;
  const names = paddedNames(classes);
  const resumed = tomograms.reduce((sum, { resumedTiles }) => sum + resumedTiles, 0);
  return [
    `${countText(picks, "particle")} picked of ${countText(candidates, "candidate")}:`,
    ...classes.map((entry, i) => `  ${names[i]}  ${entry.picks}`),
    ...(lessProbable.count > 0
      ? [
          `${countText(lessProbable.count, "candidate")} of these classes ${lessProbable.reason}: in candidates.star; a lower --cut-off picks them`,
        ]
      : []),
    ...tomograms.flatMap(({ path, contrast, voxelSize, searches }) => [
      `${path}: ${contrast}; voxel size ${voxelSize}`,
      ...searches.map(({ text }) => `  searched at ${text}`),
    ]),
    ...assumptions.map((assumption) => `${assumption}.`),
    `List: ${picksPath}\nReport: ${reportPath} (open it in a browser)`,
    `Took ${seconds.toFixed(0)} s${resumed > 0 ? `; ${countText(resumed, "tile")} were there already` : ""}.`,
  ].join("\n");
}
