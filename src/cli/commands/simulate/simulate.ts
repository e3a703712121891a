import { declareGroup } from "../../command-declaration.js";
import { simulateParticlesCommand } from "./particles.js";
import { simulateTomogramCommand } from "./tomogram.js";

/** `cosnet simulate tomogram`, `cosnet simulate particles`, and `cosnet simulate` with the latter's options. */
export const simulateCommand = declareGroup({
  name: "simulate",
  usage: "[particles|tomogram] [options]",
  description: "Make labelled particles (the default), or whole crowded tomograms with their ground truth.",
  examples: [
    [
      "cosnet simulate --structures pdb/ --output particles/",
      "20 particles of each structure in pdb/; options: cosnet simulate particles --help",
    ],
    [
      "cosnet simulate tomogram --structures pdb/ --preset paper --output paper/",
      "the publication's tomogram; options: cosnet simulate tomogram --help",
    ],
  ],
  commands: [simulateParticlesCommand, simulateTomogramCommand],
});
