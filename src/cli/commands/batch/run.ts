import { resolve } from "node:path";
import { ConfigError } from "../../../errors.js";
import { readJson } from "../../../files/disk/index.js";
import { resultOutcome } from "../../batch/result-text.js";
import { declareCommand } from "../../command-declaration.js";
import { argument, option } from "../../option.js";
import { overwrite } from "../../shared-options.js";
import { executorOf, executorTable, programWords } from "./options.js";
import { readRecipe, stepsOf } from "./steps.js";

export const runCommand = declareCommand({
  name: "run",
  description:
    "Pick, segment and average in many tomograms, or classify the particles of lists in place of picking, each in a process of its own. Stopped and run again, it continues where it was.",
  options: {
    tomograms: argument(
      "any",
      "tomograms: files, folders, patterns, a tomograms.star, a CSV table (path, name, voxel_size) or a copick project",
    ),
    recipe: option("<file>", "what is to be done: JSON with the options of pick or classify, segment and average"),
    examples: option("<examples...>", "as of pick, where there is no recipe or it names none"),
    output: option("<folder>", "all results and the state of the work go here", String, "batch"),
    ...executorTable,
    overwrite,
  },
  examples: [
    ["cosnet batch run 'rec/*.mrc' --examples clicks.star", "picks in all tomograms of a folder, in batch/"],
    ["cosnet batch run tomograms.star --recipe recipe.json --output night/", "as the recipe says"],
    ["cosnet batch run --output night/", "goes on with it where it was stopped"],
    [
      "cosnet batch run tomograms.star --examples clicks.star --executor slurm --partition cpu --time 4:00:00 --max-running 40",
      "as tasks of a Slurm cluster, forty at a time",
    ],
  ],
  async run(flags, progress, { isGiven }) {
    const { runBatch, readBatch } = await import("../../../jobs/batch/index.js");
    const isNew = flags.recipe !== undefined || flags.examples !== undefined;
    const recipe = isNew ? await givenRecipe(flags, isGiven("seed")) : undefined;
    const outputFolder = resolve(flags.output);
    const directory = process.cwd();
    const begun = recipe ?? (await readBatch(outputFolder)).recipe;
    stepsOf(begun, flags.recipe ?? "the recipe"); // before the work, not after it
    const result = await runBatch({
      ...{ tomograms: flags.tomograms, recipe, outputFolder, directory, overwrite: flags.overwrite },
      ...{ executor: await executorOf(outputFolder, flags), program: programWords(), ...progress },
    });
    return resultOutcome("batch run", result);
  },
});

/** The recipe's file, with what the command line says besides. @throws as `readRecipe`. */
async function givenRecipe(
  {
    recipe: path,
    examples,
    seed,
  }: { readonly recipe?: string | undefined; readonly examples?: string[] | undefined; readonly seed: number },
  isSeedGiven: boolean,
) {
  const content = path === undefined ? {} : await readJson(path);
  if (content === undefined) throw new ConfigError(`there is no recipe ${path}`);
  const recipe = readRecipe(content, path ?? "the recipe");
  const step = recipe.classify ? "classify" : "pick";
  return { ...recipe, ...(isSeedGiven && { seed }), [step]: { ...recipe[step], ...(examples && { examples }) } };
}
