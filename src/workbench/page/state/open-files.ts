/** Adding tomograms to the project: by path, or handed over as files. */
import { signal } from "@preact/signals";
import { engine } from "./engine.js";
import { say, sayFailure } from "./messages.js";
import { project, take } from "./project.js";
import { chooseTomogram } from "./tomograms.js";

/** A file on its way to the engine. */
export interface Handover {
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export const handover = signal<Handover | undefined>();

/** Opens a tomogram, or shows it where the project has it already. */
export async function openPath(path: string): Promise<boolean> {
  const known = project.value.tomograms.find((tomogram) => tomogram.path === path);
  if (known) {
    chooseTomogram(known.id);
    return true;
  }
  if (!(await take({ type: "add-tomogram", path }))) return false;
  chooseTomogram(project.value.tomograms.at(-1)?.id);
  return true;
}

/** Hands files over one after the other and opens each. */
export async function openFiles(files: readonly File[]): Promise<boolean> {
  for (const file of files) {
    const tell = (doneBytes: number) => (handover.value = { name: file.name, doneBytes, totalBytes: file.size });
    tell(0);
    try {
      await openPath(await engine().addFile(file, tell));
    } catch (error) {
      sayFailure(error);
      return false;
    } finally {
      handover.value = undefined;
    }
  }
  return true;
}

/** Takes a tomogram out of the project; the file stays where it is. */
export async function closeTomogram(id: string): Promise<void> {
  if (await take({ type: "remove-tomogram", id })) say("done", "Removed from the project; Undo brings it back.");
}
