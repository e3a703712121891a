import type { ExportedFile } from "../../protocol/index.js";

/** How long a browser may take to begin with a file. */
const KEPT_MILLISECONDS = 60_000;
/** Browsers ask before a page saves several files; a list comes with what belongs to it. */
const MOST_SINGLE_FILES = 2;

/** Gives files to the browser to save; more than two as an archive. Gives the names under which they are saved. */
export async function download(files: readonly ExportedFile[], archiveName: string): Promise<string[]> {
  if (files.length <= MOST_SINGLE_FILES) return files.map(save);
  const { zipSync } = await import("fflate");
  const contents = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  return [save({ name: archiveName, bytes: zipSync(contents, { level: 1 }) })];
}

function save({ name, bytes }: ExportedFile): string {
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.split("/").at(-1) ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MILLISECONDS);
  return link.download;
}
