import { ConfigError } from "../../errors.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { integerOption, numberOption, snrOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface SimulateFlags extends CommonOptions {
  readonly structures?: string;
  readonly procedural?: number;
  readonly particles: number;
  readonly snr: number;
  readonly output: string;
  readonly tilt?: number;
  readonly neighbours: boolean;
  readonly overwrite?: true;
}

export const declareSimulateParticles: CommandDeclaration = (simulate, terminal) => {
  const command = simulate
    .command("particles", { isDefault: true })
    .description("Make labelled particles: MRC boxes, true masks, and a STAR list with class, pose and shift.")
    .requiredOption("--output <folder>", "where the particles go")
    .option("--structures <folder>", "draw the structures (PDB, mmCIF) and maps (MRC) in this folder")
    .option("--procedural <count>", "draw this many made-up complexes instead", integerOption({ minimum: 1 }))
    .option("--particles <count>", "particles of each class", integerOption({ minimum: 1 }), 20)
    .option("--snr <ratio>", 'signal-to-noise ratio, or "inf" for none', snrOption, 0.5)
    .option("--tilt <degrees>", "highest tilt of the series (default: 60)", numberOption({ minimum: 1, maximum: 90 }))
    .option("--no-neighbours", "leave every particle alone in its box")
    .option("--overwrite", "replace particles made earlier in the same folder");
  withCommonOptions(command, [
    ["cosnet simulate --structures pdb/ --output particles/", "20 particles of each structure in pdb/"],
    ["cosnet simulate --procedural 8 --snr inf --output clean/", "made-up complexes without noise"],
  ]).action((flags: SimulateFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { packageVersion } = await import("../../files/disk/index.js");
      const { simulateParticles } = await import("../../jobs/simulate-particles/index.js");
      const result = await simulateParticles({
        source: sourceOf(flags),
        particlesPerClass: flags.particles,
        snr: flags.snr,
        seed: flags.seed,
        outputFolder: flags.output,
        crowded: flags.neighbours,
        imaging: flags.tilt === undefined ? {} : { tiltDegrees: flags.tilt },
        overwrite: flags.overwrite === true,
        madeBy: `cosnet ${packageVersion()}`,
        ...progress,
      });
      return {
        text: `${result.particleCount} particles of ${result.classNames.length} classes: ${result.starFile}`,
        summary: { command: "simulate", ...result },
      };
    }),
  );
};

function sourceOf({ structures, procedural }: SimulateFlags): { structures: string } | { procedural: number } {
  if ((structures === undefined) === (procedural === undefined))
    throw new ConfigError("give either --structures or --procedural", {
      hint: "--structures FOLDER draws the files in a folder, --procedural COUNT makes up complexes.",
    });
  return structures === undefined ? { procedural: procedural! } : { structures };
}
