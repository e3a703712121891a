import type { PickResult } from "../../jobs/pick/index.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { typedCommand } from "../command-text.js";
import { integerOption, numberOption, voxelSizeOption } from "../option-values.js";
import { counted, shortened } from "../printable.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";
import { withSynonym } from "../synonym.js";

interface PickFlags extends CommonOptions {
  readonly supports: string[];
  readonly negatives?: string[];
  readonly supportTomogram?: string;
  readonly output: string;
  readonly model?: string;
  readonly detector?: string;
  readonly voxelSize?: number;
  readonly particleDiameter?: number;
  readonly invert?: boolean;
  readonly detectionThreshold?: number;
  readonly cutOff?: number;
  readonly closedSet?: true;
  readonly learn: boolean;
  readonly spacing?: number;
  readonly border?: number;
  readonly mask?: string;
  readonly gold?: boolean;
  readonly testTimeAveraging?: true;
  readonly recentre?: true;
  readonly adapt: boolean;
  readonly masks?: true;
  readonly tilt?: number;
  readonly defocus?: number;
  readonly ctf?: boolean;
  readonly threads?: number;
  readonly overwrite?: true;
  readonly keepWork?: true;
}

export const pickCommand: CommandDeclaration = (program, terminal) => {
  const share = numberOption({ minimum: 0, maximum: 1 });
  const command = program
    .command("pick")
    .description(
      "Find and identify every particle of whole tomograms from one or more examples of each class. Stopped and run again, it continues where it was.",
    )
    .argument("<tomograms...>", "MRC of any size; EM, NumPy and compressed MRC up to 2 GB")
    .requiredOption(
      "--supports <examples...>",
      "lists of examples (positions or images, with classes), or NAME=FILE with a structure or map",
    )
    .option("--negatives <lists...>", "lists of particles that are none of what is looked for")
    .option("--support-tomogram <file>", "the tomogram that the examples are in, where their list names none")
    .option("--output <folder>", "picks.star, picks.csv, candidates.star and report.html go here", "picked")
    .option("--model <file>", "classifier to use instead of the one that ships with cosnet")
    .option("--detector <file>", 'detector to use instead, or "blob" for differences of Gaussians')
    .option("--voxel-size <angstrom>", "voxel size to believe instead of the files'", voxelSizeOption)
    .option(
      "--particle-diameter <angstrom>",
      "rough diameter of the particles, where it is not 100 to 300 Å (viruses, vesicles): searched at voxels of a twentieth of it",
      numberOption({ minimum: 20, maximum: 20_000 }),
    )
    .option("--invert", "protein is dark in the tomograms (default: find out, and say so)")
    .option("--no-invert", "protein is bright in the tomograms")
    .option("--detection-threshold <score>", "lowest detection score of a candidate (default: the detector's)", share)
    .option(
      "--cut-off <probability>",
      "lowest probability of a pick's class (default: any, if it is more probably of some class than of none)",
      share,
    )
    .option("--closed-set", "every particle is of one of the classes: no candidate is of none")
    .option(
      "--no-learn",
      "classes are as their examples show them: they do not learn from the candidates given to them",
    )
    .option(
      "--spacing <factor>",
      "least distance of two centres, in sums of their radii",
      numberOption({ minimum: 0, maximum: 2 }),
    )
    .option("--border <angstrom>", "leave out centres nearer to a face of the tomogram", numberOption({ minimum: 0 }))
    .option("--mask <file>", "volume that is above 0.5 where to look")
    .option("--no-gold", "keep candidates that are as dense as gold")
    .option("--test-time-averaging", "embed each box in four orientations and average (four times the time)")
    .option("--recentre", "cut each box again around the outline that the network draws in it")
    .option(
      "--no-adapt",
      "show the networks the tomogram as it is: neither turned to their tilt geometry nor freed of noise",
    )
    .option("--masks", "write the outline of every pick (MRC)")
    .option("--tilt <degrees>", "highest tilt, for structures as examples", numberOption({ minimum: 1, maximum: 90 }))
    .option(
      "--defocus <micrometre>",
      "underfocus, for structures as examples",
      numberOption({ minimum: 0, maximum: 50 }),
    )
    .option("--no-ctf", "the tomogram is corrected for contrast transfer, for structures as examples")
    .option("--threads <count>", "threads of the networks", integerOption({ minimum: 1, maximum: 256 }))
    .option("--overwrite", "replace an earlier result in the same folder")
    .option("--keep-work", "keep the searched tiles, so that another run starts from them");
  withSynonym(command, "--supports <examples...>", "--support <examples...>");
  withCommonOptions(command, [
    ["cosnet pick tomogram.mrc --supports examples.star", "everything, in picked/"],
    [
      "cosnet pick a.mrc b.mrc c.mrc --supports examples.star --support-tomogram a.mrc --output picks/",
      "three tomograms, by examples of the first",
    ],
    [
      "cosnet pick tomogram.mrc --supports ribosome=6QZP.cif --tilt 60 --defocus 4 --voxel-size 7.84",
      "by a structure instead of examples",
    ],
    ["cosnet pick tomogram.mrc --supports virion.csv --particle-diameter 1250", "particles larger than complexes"],
  ]).action((tomograms: string[], flags: PickFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { pick } = await import("../../jobs/pick/index.js");
      const result = await pick({
        tomogramPaths: tomograms,
        supports: flags.supports,
        negatives: flags.negatives,
        supportTomogramPath: flags.supportTomogram,
        outputFolder: flags.output,
        modelPath: flags.model,
        detector: flags.detector,
        voxelSizeAngstrom: flags.voxelSize,
        particleDiameterAngstrom: flags.particleDiameter,
        inverted: flags.invert,
        detectionThreshold: flags.detectionThreshold,
        excludeGold: flags.gold !== false,
        closedSet: flags.closedSet === true,
        learn: flags.learn,
        maskPath: flags.mask,
        testTimeAveraging: flags.testTimeAveraging === true,
        recentre: flags.recentre === true,
        adapt: flags.adapt,
        masks: flags.masks === true,
        ...(flags.cutOff !== undefined && { cutOff: flags.cutOff }),
        ...(flags.spacing !== undefined && { spacing: flags.spacing }),
        ...(flags.border !== undefined && { borderAngstrom: flags.border }),
        imaging: {
          ...(flags.tilt !== undefined && { tiltDegrees: flags.tilt }),
          ...(flags.defocus !== undefined && { defocusMicrometre: [flags.defocus, flags.defocus] as const }),
          ...(flags.ctf === false && { contrastTransfer: false }),
        },
        threads: flags.threads,
        overwrite: flags.overwrite === true,
        keepWork: flags.keepWork === true,
        seed: flags.seed,
        command: typedCommand(),
        ...progress,
      });
      return { text: resultText(result), summary: { command: "pick", ...result } };
    }),
  );
};

function resultText({ picks, candidates, classes, tomograms, picksPath, reportPath, seconds }: PickResult): string {
  const names = classes.map(({ name }) => shortened(name.replace(/\s+/g, " "), 60));
  const width = Math.max(...names.map((name) => name.length));
  const resumed = tomograms.reduce((sum, { resumedTiles }) => sum + resumedTiles, 0);
  return [
    `${counted(picks, "particle")} picked of ${counted(candidates, "candidate")}:`,
    ...classes.map((entry, i) => `  ${names[i]!.padEnd(width)}  ${entry.picks}`),
    ...tomograms.map(({ path, contrast }) => `${path}: ${contrast}`),
    `List: ${picksPath}\nReport: ${reportPath} (open it in a browser)`,
    `Took ${seconds.toFixed(0)} s${resumed > 0 ? `; ${counted(resumed, "tile")} were there already` : ""}.`,
  ].join("\n");
}
