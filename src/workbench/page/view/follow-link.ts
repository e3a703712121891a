/** Keeps the view in the page's address, and takes it from there. */
import { effect } from "@preact/signals";
import { shownTomogram } from "../state/view.js";
import { restoreView, viewSnapshot } from "../state/view-snapshot.js";
import { readLink, writeLink } from "./link.js";

/** Browsers refuse more than a hundred changes of the address in thirty seconds. */
const PAUSE_MILLISECONDS = 400;

/** Makes the views as the address says, and the address as the views of a tomogram are from then on. */
export function followLink(): void {
  restoreView(readLink(location.hash));
  window.addEventListener("hashchange", () => restoreView(readLink(location.hash)));
  let isWaiting = false;
  effect(() => {
    void viewSnapshot.value;
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      if (!shownTomogram.peek()) return; // what the address says of one waits for it
      const link = writeLink(viewSnapshot.peek(), location.hash);
      if (link !== location.hash.slice(1)) history.replaceState(history.state, "", `#${link}`);
    }, PAUSE_MILLISECONDS);
  });
}
