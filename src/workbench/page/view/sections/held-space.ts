/** Whether the space bar is held down on the views: dragging then moves what is shown, whatever is under the pointer. */
let isHeld = false;

export function isSpaceHeld(): boolean {
  return isHeld;
}

/** Listens until the function that it gives is called. */
export function followSpace(element: HTMLElement): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  element.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== " " || !(event.target instanceof Element) || !event.target.classList.contains("pane")) return;
      event.preventDefault();
      isHeld = true;
    },
    { signal },
  );
  window.addEventListener("keyup", ({ key }) => void (key === " " && (isHeld = false)), { signal });
  window.addEventListener("blur", () => void (isHeld = false), { signal });
  return () => controller.abort();
}
