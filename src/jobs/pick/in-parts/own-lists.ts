/** The lists of one tomogram of a pick of many, in a folder of their own. */
import { withStagedFiles } from "../../../files/disk/index.js";
import { writeLists } from "../lists.js";
import { listComments } from "../output.js";
import type { PickedTomogram } from "../picked-tomogram.js";
import type { PickRun } from "../report/data.js";

/**
 * Writes them as `pick` of that tomogram alone would, in place of those that are there.
 * @param index its number among the tomograms of `run.settings`
 * @throws FileError, AbortError.
 */
export async function writeOwnLists(
  folder: string,
  tomogram: PickedTomogram,
  index: number,
  { settings: all, networks, examples }: Pick<PickRun, "settings" | "networks" | "examples">,
): Promise<void> {
  const tomogramNames = all.tomogramNames && [all.tomogramNames[index]!];
  const settings = { ...all, tomogramPaths: [all.tomogramPaths[index]!], tomogramNames };
  await withStagedFiles(folder, { lastFile: "picks.star", overwrite: true }, (files) =>
    writeLists(files, { settings, examples, tomograms: [tomogram] }, listComments({ settings, networks, examples })),
  );
}
