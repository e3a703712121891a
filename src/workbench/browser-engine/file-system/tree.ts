/** Folders and files as one tree in memory. */
import { basename, dirname, resolve } from "pathe";
import { type FailureCode, failure } from "./failure.js";
import { MemoryContent } from "./memory-content.js";
import type { MountedContent } from "./mounted-content.js";

export interface FileNode {
  readonly content: MemoryContent | MountedContent;
  /** Milliseconds since 1970. */
  modified: number;
}

export interface FolderNode {
  readonly entries: Map<string, TreeNode>;
  modified: number;
}

export type TreeNode = FileNode | FolderNode;

const LONGEST_NAME_BYTES = 255;

const root: FolderNode = newFolder();

export function newFolder(): FolderNode {
  return { entries: new Map(), modified: Date.now() };
}

export function newFile(): FileNode {
  return { content: new MemoryContent(), modified: Date.now() };
}

export function isFolder(node: TreeNode): node is FolderNode {
  return "entries" in node;
}

/** What is at a path; undefined where its last part is missing. @throws ENOENT, ENOTDIR for the parts before it. */
export function nodeAt(path: string, call: string): TreeNode | undefined {
  let node: TreeNode = root;
  const names = resolve("/", path).split("/").filter(Boolean);
  for (const [index, name] of names.entries()) {
    if (!isFolder(node)) throw failure("ENOTDIR", call, path);
    checkName(name, path, call);
    const next: TreeNode | undefined = node.entries.get(name);
    if (!next && index < names.length - 1) throw failure("ENOENT", call, path);
    if (!next) return undefined;
    node = next;
  }
  if (!isFolder(node) && path.endsWith("/")) throw failure("ENOTDIR", call, path);
  return node;
}

/** @throws ENOENT */
export function existing(path: string, call: string): TreeNode {
  const node = nodeAt(path, call);
  if (!node) throw failure("ENOENT", call, path);
  return node;
}

/** @throws ENOENT, and `EISDIR` or another code where it is a folder. */
export function existingFile(path: string, call: string, ifFolder: FailureCode = "EISDIR"): FileNode {
  const node = existing(path, call);
  if (isFolder(node)) throw failure(ifFolder, call, path);
  return node;
}

/** @throws ENOENT, ENOTDIR */
export function existingFolder(path: string, call: string): FolderNode {
  const node = existing(path, call);
  if (!isFolder(node)) throw failure("ENOTDIR", call, path);
  return node;
}

/** The folder that a path lies in, and its name there. @throws ENOENT, ENOTDIR */
export function parentOf(path: string, call: string): { readonly folder: FolderNode; readonly name: string } {
  const whole = resolve("/", path);
  const name = basename(whole);
  checkName(name, path, call);
  return { folder: existingFolder(dirname(whole), call), name };
}

export function link({ folder, name }: ReturnType<typeof parentOf>, node: TreeNode): void {
  folder.entries.set(name, node);
  folder.modified = Date.now();
}

export function unlink({ folder, name }: ReturnType<typeof parentOf>): void {
  folder.entries.delete(name);
  folder.modified = Date.now();
}

function checkName(name: string, path: string, call: string): void {
  if (name.length * 3 > LONGEST_NAME_BYTES && new TextEncoder().encode(name).byteLength > LONGEST_NAME_BYTES)
    throw failure("ENAMETOOLONG", call, path);
}
