import type { CommandDeclaration } from "../command-line.js";
import { choiceOption, voxelSizeOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

const MODES = { "0": 0, "1": 1, "2": 2, "6": 6, "12": 12 } as const;

interface ConvertFlags extends CommonOptions {
  readonly voxelSize?: number;
  readonly invert?: true;
  readonly mode: keyof typeof MODES;
  readonly byteOrder: "little" | "big";
  readonly clamp?: true;
  readonly permissive?: true;
  readonly format: "relion5" | "relion3.1";
  readonly tomograms?: string;
}

export const convertCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("convert")
    .description(
      "Convert volumes (MRC, EM, NumPy) and particle lists (RELION 3.1, 5). The output's name says what to write.",
    )
    .argument("<input>", "volume or particle list")
    .argument("<output>", "name that ends in .mrc, .map, .npy or .star")
    .option("--voxel-size <angstrom>", "voxel size to believe instead of the file's", voxelSizeOption)
    .option("--invert", "change the sign of the density, so that protein becomes positive")
    .option("--mode <mode>", "MRC mode to write: 0, 1, 2, 6 or 12", choiceOption("0", "1", "2", "6", "12"), "2")
    .option("--byte-order <order>", "byte order of MRC to write", choiceOption("little", "big"), "little")
    .option("--clamp", "values that the mode cannot hold become its limit instead of an error")
    .option("--permissive", "fill up a truncated volume with zeros")
    .option("--format <format>", "particle list to write", choiceOption("relion5", "relion3.1"), "relion5")
    .option("--tomograms <file>", "RELION's tomograms.star, for the sizes of the tomograms");
  withCommonOptions(command, [
    ["cosnet convert tomogram.em tomogram.mrc --voxel-size 10 --invert", "with protein positive and a voxel size"],
    ["cosnet convert map.mrc small.mrc --mode 12", "half the size, as float16"],
    [
      "cosnet convert run.star old.star --format relion3.1 --tomograms tomograms.star",
      "a RELION 5 list for older programs",
    ],
  ]).action((input: string, output: string, flags: ConvertFlags) =>
    runAction(terminal, flags, async ({ onProgress, onWarning, signal }) => {
      const { convertFile } = await import("../../workflow/index.js");
      const result = await convertFile(input, output, {
        voxelSizeAngstrom: flags.voxelSize,
        invert: flags.invert === true,
        mode: MODES[flags.mode],
        byteOrder: flags.byteOrder,
        clamp: flags.clamp === true,
        permissive: flags.permissive === true,
        particleFormat: flags.format,
        tomograms: flags.tomograms,
        onProgress,
        signal,
      });
      for (const warning of result.warnings) onWarning(warning);
      return { text: `${result.output}: ${result.summary}`, summary: { command: "convert", ...result } };
    }),
  );
};
