import { ConfigError } from "../../errors.js";
import type { Batch } from "./batch-file.js";
import { readUnitState, removeUnitState } from "./state.js";
import { allUnits, type NamedUnit } from "./units/keys.js";

/**
 * Forgets failures that are to be tried again: what is not about one tomogram, and what was its process's or the computer's fault;
 * with names, those of these units or tomograms; with an empty list of names, all.
 * @throws ConfigError for a name of nothing that failed; FileError.
 */
export async function forgetFailures(
  batchFolder: string,
  batch: Batch,
  names: readonly string[] | undefined,
): Promise<void> {
  const known = new Set<string>();
  for (const unit of await allUnits(batchFolder, batch)) {
    const state = await readUnitState(batchFolder, unit.id);
    if (state?.status !== "failed") continue;
    const own = namesOf(unit);
    const isMeant = names?.length ? own.some((name) => names.includes(name)) : names !== undefined;
    if (isMeant || state.recurs !== true || !unit.tomogram) await removeUnitState(batchFolder, unit.id);
    if (isMeant) for (const name of own) known.add(name);
  }
  const unknown = names?.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new ConfigError(`nothing of the name ${unknown} has failed`, {
      where: batchFolder,
      hint: "cosnet batch status shows what has.",
    });
}

function namesOf({ id, tomogram, className }: NamedUnit): string[] {
  return [id, ...(tomogram ? [tomogram.name, tomogram.path] : []), ...(className === undefined ? [] : [className])];
}
