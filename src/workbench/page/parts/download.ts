import type { ExportedFile } from "../../protocol/index.js";

/** How long a browser may take to begin with a file. */
const KEPT_MILLISECONDS = 60_000;

/** Gives a file to the browser to save. */
export function download({ name, bytes }: ExportedFile): void {
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.split("/").at(-1) ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MILLISECONDS);
}
