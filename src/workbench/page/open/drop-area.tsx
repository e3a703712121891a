import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { openFiles } from "../state/open-files.js";

/** Takes files that are dropped anywhere on the page, and says so while they hang over it. */
export function DropArea() {
  const isOver = useSignal(false);
  useEffect(() => {
    const listening = new AbortController();
    const on = (type: "dragover" | "dragleave" | "drop", take: (event: DragEvent) => void) =>
      addEventListener(type, take, { signal: listening.signal });
    on("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      isOver.value = true;
    });
    on("dragleave", (event) => {
      if (event.relatedTarget === null) isOver.value = false;
    });
    on("drop", (event) => {
      isOver.value = false;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void openFiles(files);
    });
    return () => listening.abort();
  }, []);
  return isOver.value ? <div class="drop-area">Drop a tomogram to open it</div> : null;
}
