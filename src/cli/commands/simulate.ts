import type { CommandDeclaration } from "../command-declaration.js";
import { declareSimulateParticles } from "./simulate-particles.js";
import { declareSimulateTomogram } from "./simulate-tomogram.js";

/** `cosnet simulate tomogram`, `cosnet simulate particles`, and `cosnet simulate` with the latter's options. */
export const simulateCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("simulate")
    .description("Make labelled particles (the default), or whole crowded tomograms with their truth.")
    .usage("[particles|tomogram] [options]")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Examples:
  cosnet simulate --structures pdb/ --output particles/
      20 particles of each structure in pdb/; options: cosnet simulate particles --help
  cosnet simulate tomogram --structures pdb/ --preset paper --output paper/
      the publication's tomogram; options: cosnet simulate tomogram --help`,
    );
  declareSimulateParticles(command, terminal);
  declareSimulateTomogram(command, terminal);
};
