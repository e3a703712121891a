/** The files that a recipe's steps name, as the batch sees them: what changes of them is done again. */
import { resolve } from "node:path";
import { byteLengthOf, changedMilliseconds, isPattern, matchingPaths } from "../../files/disk/index.js";
import { type Batch, type BatchRecipe, STEP_NAMES, type StepFile } from "./batch-file.js";

/** @param directory the folder from which paths of the recipe count */
export async function seenStepFiles(recipe: BatchRecipe, directory: string): Promise<NonNullable<Batch["files"]>> {
  const files: { -readonly [Step in keyof NonNullable<Batch["files"]>]: StepFile[] } = {};
  for (const step of STEP_NAMES) {
    const seen: StepFile[] = [];
    for (const [option, value] of Object.entries(recipe[step] ?? {}))
      for (const word of [value].flat())
        if (typeof word === "string")
          for (const file of await filesNamed(word, directory)) seen.push({ option, ...file });
    if (seen.length > 0) files[step] = seen;
  }
  return files;
}

/** Of "FILE", "CLASS=FILE" or a pattern; none for a word that names none, as most values of options. */
async function filesNamed(word: string, directory: string): Promise<Omit<StepFile, "option">[]> {
  const paths = new Set([word, word.slice(word.indexOf("=") + 1)].map((path) => resolve(directory, path)));
  const files: Omit<StepFile, "option">[] = [];
  for (const named of paths)
    for (const path of isPattern(named) ? await matchingPaths(named) : [named]) {
      const bytes = await byteLengthOf(path).catch(() => undefined);
      if (bytes !== undefined) files.push({ path, bytes, changed: await changedMilliseconds(path) });
    }
  return files;
}
