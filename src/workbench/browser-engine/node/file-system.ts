/** In place of `node:fs`, of which the house uses what must be done before a process ends, and the reading of small files. */
import { failure } from "../file-system/failure.js";
import { MemoryContent } from "../file-system/memory-content.js";
import { existing, existingFile, isFolder, nodeAt, parentOf, unlink } from "../file-system/tree.js";
import { fileURLToPath } from "./url.js";

export const constants = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4 } as const;

export function readFileSync(path: string | URL, _encoding: "utf8"): string {
  const place = typeof path === "string" ? path : fileURLToPath(path);
  const { content } = existingFile(place, "open");
  if (!(content instanceof MemoryContent)) throw failure("EINVAL", "read", place);
  return new TextDecoder().decode(content.whole());
}

/** There are no links in this file system. */
export function readlinkSync(path: string): string {
  existing(path, "readlink");
  throw failure("EINVAL", "readlink", path);
}

export function rmdirSync(path: string): void {
  const node = existing(path, "rmdir");
  if (!isFolder(node)) throw failure("ENOTDIR", "rmdir", path);
  if (node.entries.size > 0) throw failure("ENOTEMPTY", "rmdir", path);
  unlink(parentOf(path, "rmdir"));
}

interface RemoveOptions {
  readonly force?: boolean;
  readonly recursive?: boolean;
}

export function rmSync(path: string, { force = false, recursive = false }: RemoveOptions = {}): void {
  const node = force ? nodeIfAny(path) : existing(path, "rm");
  if (!node) return;
  if (isFolder(node) && !recursive) throw failure("EISDIR", "rm", path);
  unlink(parentOf(path, "rm"));
}

function nodeIfAny(path: string) {
  try {
    return nodeAt(path, "rm");
  } catch {
    return undefined;
  }
}
