/** A batch begun, or found again with what has changed told. */
import { relative, resolve } from "node:path";
import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import { packageVersion, removeFolder } from "../../files/disk/index.js";
import { type Batch, type BatchTomogram, findBatch, STEP_NAMES, seenTomograms, writeBatch } from "./batch-file.js";
import { resolveManifest } from "./manifest/manifest.js";
import type { BatchOptions } from "./options.js";
import { seenStepFiles } from "./step-files.js";

/** Tomograms that are named where something is said of several. */
const MOST_NAMED = 3;

/**
 * Begins a batch, or takes up the one in the folder: with the tomograms and files as they are now.
 * @throws ConfigError for another recipe than it was begun with, or where tomograms or recipe are missing; FileError, FormatError.
 */
export async function openBatch(options: BatchOptions): Promise<Batch> {
  const { outputFolder, overwrite = false, onWarning } = options;
  const earlier = await findBatch(outputFolder);
  const recipe = options.recipe ?? earlier?.recipe;
  if (!recipe)
    throw new ConfigError("nothing says what is to be done with the tomograms", {
      hint: "Give --recipe FILE, or --examples for a batch that only picks.",
    });
  const isOther = earlier && JSON.stringify(earlier.recipe) !== JSON.stringify(recipe);
  if (isOther && !overwrite)
    throw new ConfigError(
      `${outputFolder} holds a batch with another recipe: ${recipeDifference(earlier.recipe, recipe)}`,
      {
        hint: "Leave the recipe out to go on with it, give another --output, or --overwrite.",
      },
    );
  if (options.tomograms.length === 0 && !earlier)
    throw new ConfigError("there are no tomograms", {
      hint: "Give files, a folder, a pattern such as 'rec/*.mrc', a tomograms.star, a CSV table or a copick project.",
    });
  const listed = options.tomograms.length > 0 ? await resolveManifest(options.tomograms, { onWarning }) : undefined;
  const directory = earlier && !overwrite ? earlier.directory : options.directory;
  const given = listed?.map((tomogram) => ({
    ...tomogram,
    path: pathFrom(directory, tomogram.path, options.directory),
  }));
  const tomograms = await seenTomograms(given ?? earlier?.tomograms ?? [], directory);
  if (earlier && overwrite) for (const name of ["units", "logs"]) await removeFolder(resolve(outputFolder, name));
  else if (earlier) tellChanges(earlier.tomograms, tomograms, onWarning);
  const files = await seenStepFiles(recipe, directory);
  if (earlier && !overwrite) tellChangedFiles(earlier, files, onWarning);
  const batch: Batch = { version: packageVersion(), directory, recipe, files, tomograms };
  await writeBatch(outputFolder, batch);
  return batch;
}

/** As it was given, where it counts from the same folder. */
function pathFrom(directory: string, path: string, given: string): string {
  return directory === given ? path : relative(directory, resolve(given, path));
}

function recipeDifference(before: Batch["recipe"], now: Batch["recipe"]): string {
  for (const step of STEP_NAMES)
    for (const name of new Set([...Object.keys(before[step] ?? {}), ...Object.keys(now[step] ?? {})])) {
      const [a, b] = [before[step]?.[name], now[step]?.[name]].map((value) => JSON.stringify(value) ?? "nothing");
      if (a !== b) return `${name} of ${step} was ${a} and is ${b}`;
    }
  return "other steps or another seed";
}

function tellChanges(
  before: readonly BatchTomogram[],
  now: readonly BatchTomogram[],
  onWarning: BatchOptions["onWarning"],
): void {
  const known = new Map(before.map((tomogram) => [tomogram.name, tomogram]));
  const names = new Set(now.map(({ name }) => name));
  const added = now.filter(({ name }) => !known.has(name));
  const gone = before.filter(({ name }) => !names.has(name));
  const changed = now.filter(({ name, path, bytes, changed: at }) => {
    const earlier = known.get(name);
    return earlier && (earlier.path !== path || earlier.bytes !== bytes || earlier.changed !== at);
  });
  const said = [
    [added, "new: added"],
    [gone, "no longer named: left out"],
    [changed, "changed since: done again"],
  ] as const;
  for (const [tomograms, what] of said) {
    if (tomograms.length === 0) continue;
    const shown = tomograms.slice(0, MOST_NAMED).map(({ name }) => name);
    const more = tomograms.length > shown.length ? ", ..." : "";
    onWarning?.(
      `${countText(tomograms.length, "tomogram")} (${shown.join(", ")}${more}) ${tomograms.length === 1 ? "is" : "are"} ${what}`,
    );
  }
}

/** What the recipe names and is another file now. */
function tellChangedFiles(
  { files: before = {} }: Batch,
  now: NonNullable<Batch["files"]>,
  onWarning: BatchOptions["onWarning"],
): void {
  for (const step of STEP_NAMES) {
    const isKnown = new Set((before[step] ?? []).map((file) => JSON.stringify(file)));
    const paths = new Set(
      (now[step] ?? []).filter((file) => !isKnown.has(JSON.stringify(file))).map(({ path }) => path),
    );
    for (const path of paths) onWarning?.(`${path} has changed since: what ${step} makes of it is done again`);
  }
}
