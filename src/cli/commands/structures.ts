import type { CommandDeclaration } from "../command-declaration.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface FetchFlags extends CommonOptions {
  readonly output: string;
  readonly mirror?: string;
}

export const structuresCommand: CommandDeclaration = (program, terminal) => {
  const structures = program
    .command("structures")
    .description("Get structures of macromolecules to simulate.")
    .helpOption("--help", "print this help")
    .addHelpText(
      "after",
      "\nExamples:\n  cosnet structures fetch 4V4Q 3DY4 --output pdb/\n      two entries of the PDB",
    )
    .action(() => structures.outputHelp());
  withCommonOptions(
    structures
      .command("fetch")
      .description("Download entries of the Protein Data Bank, with checksums; run again, it continues where it was.")
      .argument(
        "<entries...>",
        "PDB ids such as 4V4Q, or cosnet22: the 22 usual in the publication's group, of which its text names 3",
      )
      .option("--output <folder>", "where the files go", "structures")
      .option(
        "--mirror <url>",
        "a server of your own instead of the wwPDB's: a folder of ID.cif.gz, or with {ID} in it",
      ),
    [
      ["cosnet structures fetch 4V4Q 3DY4 --output pdb/", "ribosome and proteasome"],
      ["cosnet structures fetch cosnet22 --output paper22/", "22 classes as in the publication"],
    ],
  ).action((entries: string[], flags: FetchFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { fetchStructures } = await import("../../jobs/structures/index.js");
      const result = await fetchStructures({ entries, outputFolder: flags.output, mirror: flags.mirror, ...progress });
      const count = (status: string) => result.structures.filter((structure) => structure.status === status).length;
      return {
        text: `${count("downloaded")} downloaded, ${count("cached")} there already: ${result.folder}`,
        summary: { command: "structures fetch", ...result },
      };
    }),
  );
};
