/** The list whose particles the next run names, in place of a search. */
import { effect, signal } from "@preact/signals";
import type { ListedParticles } from "../../protocol/index.js";
import { shownRequest, shownRun } from "./results.js";

export const listed = signal<ListedParticles | undefined>();

/** From now on it is that of whatever run comes to be shown, until a person says otherwise. */
export function followListed(): void {
  let followed: string | undefined;
  effect(() => {
    const id = shownRun.value?.id;
    if (id === followed) return;
    followed = id;
    listed.value = shownRequest.value?.listed;
  });
}

/** "picks.star" */
export function listName({ path }: ListedParticles): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
