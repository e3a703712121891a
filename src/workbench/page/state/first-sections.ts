/** Whether a tomogram has been seen: what takes the engine long waits for that. */
import { effect, signal } from "@preact/signals";

const seenIds = signal<ReadonlySet<string>>(new Set());

/** Its sections are there, or cannot be had. */
export function noteSeen(tomogramId: string): void {
  if (!seenIds.peek().has(tomogramId)) seenIds.value = new Set(seenIds.peek()).add(tomogramId);
}

export async function whenSeen(tomogramId: string): Promise<void> {
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    stop = effect(() => {
      if (seenIds.value.has(tomogramId)) resolve();
    });
  });
  stop?.();
}
