/** In place of `node:fs/promises`: the same functions over a tree in memory, with the codes of Node's errors. */
import { join, resolve } from "pathe";
import { bytesOf, type Data } from "../file-system/data.js";
import { failure } from "../file-system/failure.js";
import { FileHandle } from "../file-system/file-handle.js";
import { FileStatus, FolderEntry } from "../file-system/status.js";
import {
  existing,
  existingFile,
  existingFolder,
  type FolderNode,
  isFolder,
  link,
  newFile,
  newFolder,
  nodeAt,
  parentOf,
  unlink,
} from "../file-system/tree.js";
import { rmdirSync, rmSync } from "./file-system.js";

type Flag = "r" | "r+" | "w" | "wx" | "a" | "a+";

export async function open(path: string, flag: Flag = "r"): Promise<FileHandle> {
  const mode = {
    canRead: flag === "r" || flag.endsWith("+"),
    canWrite: flag !== "r",
    appends: flag.startsWith("a"),
  };
  if (!mode.canWrite || flag === "r+") {
    const node = existing(path, "open");
    if (isFolder(node)) throw failure("EISDIR", mode.canWrite ? "open" : "read", path);
    return new FileHandle(path, node, mode);
  }
  const known = nodeAt(path, "open");
  if (known && flag === "wx") throw failure("EEXIST", "open", path);
  if (known && isFolder(known)) throw failure("EISDIR", "open", path);
  const node = known ?? newFile();
  if (!known) link(parentOf(path, "open"), node);
  const file = new FileHandle(path, node, mode);
  if (known && flag === "w") await file.truncate();
  return file;
}

export async function access(path: string, _mode?: number): Promise<void> {
  existing(path, "access");
}

export async function stat(path: string): Promise<FileStatus> {
  return new FileStatus(existing(path, "stat"));
}

export async function realpath(path: string): Promise<string> {
  existing(path, "realpath");
  return resolve("/", path);
}

/** What can still be kept; browsers grant it, and do not say how much is sure. */
export async function statfs(path: string): Promise<{ readonly bavail: number; readonly bsize: number }> {
  existing(path, "statfs");
  const { quota = 0, usage = 0 } = (await globalThis.navigator?.storage?.estimate()) ?? { quota: 2 ** 31 };
  return { bavail: quota - usage, bsize: 1 };
}

export function readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
export function readFile(path: string, encoding: "utf8"): Promise<string>;
export async function readFile(path: string, encoding?: "utf8"): Promise<Uint8Array | string> {
  const { content } = existingFile(path, "read");
  const bytes = await content.read(0, content.byteLength);
  return encoding ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : bytes;
}

interface WriteOptions {
  readonly flag?: "w" | "wx" | "a";
  readonly mode?: number;
  readonly signal?: AbortSignal | undefined;
}

export async function writeFile(
  path: string,
  data: Data | Iterable<Data>,
  { flag = "w", signal }: WriteOptions = {},
): Promise<void> {
  await using file = await open(path, flag);
  const pieces = typeof data === "string" || data instanceof Uint8Array ? [data] : data;
  for (const piece of pieces) {
    if (signal?.aborted) throw Object.assign(new Error("The operation was aborted"), { code: "ABORT_ERR" });
    await file.appendFile(piece);
  }
}

export async function appendFile(path: string, data: Data): Promise<void> {
  await writeFile(path, bytesOf(data), { flag: "a" });
}

interface MakeFolderOptions {
  readonly recursive?: boolean;
  readonly mode?: number;
}

/** With `recursive` it gives the first folder that had to be made. */
export async function mkdir(path: string, { recursive = false }: MakeFolderOptions = {}): Promise<string | undefined> {
  const known = recursive ? undefined : nodeAt(path, "mkdir");
  if (known) throw failure("EEXIST", "mkdir", path);
  if (recursive) return makeFolders(path);
  link(parentOf(path, "mkdir"), newFolder());
  return undefined;
}

function makeFolders(path: string): string | undefined {
  let first: string | undefined;
  let place = "/";
  for (const name of resolve("/", path).split("/").filter(Boolean)) {
    place = join(place, name);
    const node = nodeAt(place, "mkdir");
    if (node && !isFolder(node)) throw failure(place === resolve("/", path) ? "EEXIST" : "ENOTDIR", "mkdir", path);
    if (node) continue;
    link(parentOf(place, "mkdir"), newFolder());
    first ??= place;
  }
  return first;
}

interface ListOptions {
  readonly recursive?: boolean;
  readonly withFileTypes?: boolean;
}

export function readdir(path: string, options?: ListOptions & { readonly withFileTypes?: false }): Promise<string[]>;
export function readdir(path: string, options: ListOptions & { readonly withFileTypes: true }): Promise<FolderEntry[]>;
export async function readdir(
  path: string,
  { recursive = false, withFileTypes = false }: ListOptions = {},
): Promise<string[] | FolderEntry[]> {
  const entries = [...entriesOf(existingFolder(path, "scandir"), path, recursive)];
  if (withFileTypes) return entries;
  const start = resolve("/", path).length;
  return entries.map(({ parentPath, name }) => resolve("/", parentPath, name).slice(start).replace(/^\//, ""));
}

function* entriesOf({ entries }: FolderNode, path: string, recursive: boolean): Generator<FolderEntry> {
  for (const [name, node] of entries) {
    yield new FolderEntry(name, path, node);
    if (recursive && isFolder(node)) yield* entriesOf(node, join(path, name), recursive);
  }
}

export async function rename(from: string, to: string): Promise<void> {
  const node = existing(from, "rename");
  const target = nodeAt(to, "rename");
  if (target === node) return;
  if (isFolder(node) && `${resolve("/", to)}/`.startsWith(`${resolve("/", from)}/`))
    throw failure("EINVAL", "rename", from);
  if (target && isFolder(target) && !isFolder(node)) throw failure("EISDIR", "rename", from);
  if (target && isFolder(node) && !isFolder(target)) throw failure("ENOTDIR", "rename", from);
  if (target && isFolder(target) && target.entries.size > 0) throw failure("ENOTEMPTY", "rename", from);
  const place = parentOf(to, "rename");
  unlink(parentOf(from, "rename"));
  link(place, node);
}

export async function rm(path: string, options?: Parameters<typeof rmSync>[1]): Promise<void> {
  rmSync(path, options);
}

export async function rmdir(path: string): Promise<void> {
  rmdirSync(path);
}
