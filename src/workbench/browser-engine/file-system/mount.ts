/** Files of this computer, and others that exist already, put into the tree. */
import { join } from "pathe";
import type { FileLike } from "../../protocol/index.js";
import { MemoryContent } from "./memory-content.js";
import { MountedContent } from "./mounted-content.js";
import { existingFolder, type FileNode, link, nodeAt, parentOf } from "./tree.js";

/** Puts a file where nothing is of its name yet: "TS_01.mrc", then "TS_01-2.mrc". Gives its path. */
export function mountFile(folder: string, file: FileLike & { readonly lastModified?: number }): string {
  existingFolder(folder, "mount");
  const path = freePath(folder, file.name);
  mountAt(path, file);
  return path;
}

/** Puts a file at a path, in place of what is there. */
export function mountAt(path: string, file: FileLike & { readonly lastModified?: number }): void {
  const node: FileNode = { content: new MountedContent(file), modified: file.lastModified ?? 0 };
  link(parentOf(path, "mount"), node);
}

/** Puts bytes at a path, as they were at a time (milliseconds since 1970). */
export function restoreFile(path: string, bytes: Uint8Array, modified: number): void {
  const content = new MemoryContent();
  content.write(bytes, 0);
  link(parentOf(path, "mount"), { content, modified });
}

function freePath(folder: string, name: string): string {
  const plain = name.replace(/[/\\]/g, "_").replace(/^\.+/, "") || "file";
  const dot = plain.indexOf(".", 1);
  const [stem, ending] = dot < 0 ? [plain, ""] : [plain.slice(0, dot), plain.slice(dot)];
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? plain : `${stem}-${number}${ending}`);
    if (!nodeAt(path, "mount")) return path;
  }
}
