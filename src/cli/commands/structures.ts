import { declareCommand, declareGroup } from "../command-declaration.js";
import { argument, option } from "../option.js";

const fetchCommand = declareCommand({
  name: "fetch",
  description: "Download entries of the Protein Data Bank, with checksums; run again, it continues where it was.",
  options: {
    entries: argument(
      "several",
      "PDB ids such as 4V4Q, or cosnet22: the 22 complexes usual in the publication's group (its text names 3)",
    ),
    output: option("<folder>", "where the files go", String, "structures"),
    mirror: option("<url>", "a server of your own instead of the wwPDB's: a folder of ID.cif.gz, or with {ID} in it"),
  },
  examples: [
    ["cosnet structures fetch 4V4Q 3DY4 --output pdb/", "ribosome and proteasome"],
    ["cosnet structures fetch cosnet22 --output paper22/", "22 classes as in the publication"],
  ],
  async run({ entries, output, mirror }, progress) {
    const { fetchStructures } = await import("../../jobs/structures/index.js");
    const result = await fetchStructures({ entries, outputFolder: output, mirror, ...progress });
    const count = (status: string) => result.structures.filter((structure) => structure.status === status).length;
    return {
      text: `${count("downloaded")} downloaded, ${count("cached")} there already: ${result.folder}`,
      summary: { command: "structures fetch", ...result },
    };
  },
});

export const structuresCommand = declareGroup({
  name: "structures",
  description: "Get structures of macromolecules to simulate.",
  examples: [["cosnet structures fetch 4V4Q 3DY4 --output pdb/", "two entries of the PDB"]],
  commands: [fetchCommand],
});
