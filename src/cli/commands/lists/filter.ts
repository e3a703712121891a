import { declareCommand } from "../../command-declaration.js";
import { argument, flag, option } from "../../option.js";
import { integerOption, numberOption, voxelSizeOption } from "../../option-values.js";
import { listToList, listToListOptions, regionOption } from "./options.js";

const lengthOption = numberOption(0.001, 1_000_000);

export const filterCommand = declareCommand({
  name: "filter",
  description:
    "Keep some particles of a list of any format: by tomogram, class, score, place, distance to each other. All that the list says of them is kept.",
  options: {
    input: argument("one", "particle list"),
    output: argument("one", "list to write; its name says the format where its ending is another than the input's"),
    onlyTomogram: option("<names...>", "of these tomograms"),
    class: option("<names...>", "of these classes, by name or number"),
    notClass: option("<names...>", "of none of these classes"),
    minScore: option("<score>", "with at least this score", numberOption()),
    minProbability: option("<fraction>", "with at least this probability of cosnet pick", numberOption(0, 1)),
    scoreColumn: option("<name>", "column that holds the score (default: the format's own)"),
    region: option("<x,y,z,x,y,z>", "between these two corners, in voxels of the tomogram from 0", regionOption),
    regionAngstrom: option("<x,y,z,x,y,z>", "the same in Å", regionOption),
    mask: option("<files...>", "where a volume is 0.5 or more; one for each tomogram of the list"),
    maskVoxelSize: option("<angstrom>", "voxel size to use instead of the masks'", voxelSizeOption),
    outside: flag("outside of region and mask instead of inside"),
    border: option("<angstrom>", "at least this far from the tomogram's faces", lengthOption),
    minDistance: option(
      "<angstrom>",
      "of two in a tomogram nearer to each other than this, the one of higher score",
      lengthOption,
    ),
    withinClass: flag("with --min-distance: particles of different classes may be near to each other"),
    top: option("<count>", "the best this many of each class", integerOption(1)),
    ...listToListOptions,
  },
  examples: [
    ["cosnet filter picks.star good.star --class ribosome --min-probability 0.8", "one class, the safe ones"],
    [
      "cosnet filter matches.star apart.star --min-distance 200",
      "no particle twice: of two within 200 Å the better one",
    ],
    ["cosnet filter picks.tbl inside.tbl --mask cell.mrc --tomogram TS_01.mrc", "those in a mask of that tomogram"],
    [
      "cosnet filter picks.star top.csv --border 150 --top 500 --tomograms tomograms.star",
      "500 of each class, as a table",
    ],
  ],
  async run({ input, output, ...flags }, progress) {
    const { filterParticles } = await import("../../../jobs/filter/index.js");
    const result = await filterParticles(input, output, {
      ...listToList(flags),
      onlyTomograms: flags.onlyTomogram,
      classes: flags.class,
      exceptClasses: flags.notClass,
      minimumScore: flags.minScore,
      minimumProbability: flags.minProbability,
      scoreColumn: flags.scoreColumn,
      regionVoxels: flags.region,
      regionAngstrom: flags.regionAngstrom,
      maskPaths: flags.mask,
      maskVoxelSizeAngstrom: flags.maskVoxelSize,
      outside: flags.outside,
      borderAngstrom: flags.border,
      minimumDistanceAngstrom: flags.minDistance,
      withinClass: flags.withinClass,
      topOfClass: flags.top,
      ...progress,
    });
    for (const warning of result.warnings) progress.onWarning(warning);
    return { text: `${result.paths.join(", ")}: ${result.summary}`, summary: { command: "filter", ...result } };
  },
});
