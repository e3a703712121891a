/** What is known of the project's tomograms: asked for once each, and again after a person described it otherwise. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  failureOf,
  type ProjectTomogram,
  type TomogramInfo,
  type VoxelPosition,
  type WorkbenchFailure,
} from "../../protocol/index.js";
import { engine } from "./engine.js";
import { project } from "./project.js";
import { goTo, tomogramId } from "./view.js";
import { showTomogram } from "./view-snapshot.js";

const infos = signal<ReadonlyMap<string, TomogramInfo>>(new Map());
/** Why tomograms could not be opened, by their ids. */
export const failures = signal<ReadonlyMap<string, WorkbenchFailure>>(new Map());
/** What was asked for, as it was described then. */
const asked = new Map<string, ProjectTomogram>();

/** The tomogram whose sections are to be seen: the one that was chosen, or the first. */
export const chosenTomogram = computed(
  () => project.value.tomograms.find(({ id }) => id === tomogramId.value) ?? project.value.tomograms[0],
);

export const chosenInfo = computed(() => infoOf(chosenTomogram.value?.id));

/** Undefined until the engine has opened it. */
export function infoOf(id: string | undefined): TomogramInfo | undefined {
  return id === undefined ? undefined : infos.value.get(id);
}

/** Shows a tomogram as soon as it is open, and a position in it where one is given. */
export function chooseTomogram(id: string | undefined, position?: VoxelPosition): void {
  batch(() => {
    tomogramId.value = id;
    const info = infoOf(id);
    if (info) showTomogram(info);
    if (position) goTo(position);
  });
}

/** Asks for whatever tomograms the project has, from now on. */
export function followTomograms(): void {
  effect(() => {
    for (const tomogram of project.value.tomograms) {
      const before = asked.get(tomogram.id);
      if (before?.path === tomogram.path && before.voxelSizeAngstrom === tomogram.voxelSizeAngstrom) continue;
      asked.set(tomogram.id, tomogram);
      void open(tomogram);
    }
  });
}

/** Asks again for a tomogram that could not be opened. */
export function openAgain(tomogram: ProjectTomogram): void {
  failures.value = new Map([...failures.value].filter(([id]) => id !== tomogram.id));
  asked.set(tomogram.id, tomogram);
  void open(tomogram);
}

async function open(tomogram: ProjectTomogram): Promise<void> {
  try {
    const info = await engine().tomogram(tomogram.id);
    if (asked.get(tomogram.id) === tomogram) infos.value = new Map(infos.value).set(tomogram.id, info);
  } catch (error) {
    failures.value = new Map(failures.value).set(tomogram.id, failureOf(error));
  }
}
