import { isFolder, type TreeNode } from "./tree.js";

/** What `stat` says. */
export class FileStatus {
  readonly size: number;
  readonly mtimeMs: number;
  readonly #isFolder: boolean;

  constructor(node: TreeNode) {
    this.#isFolder = isFolder(node);
    this.size = isFolder(node) ? 0 : node.content.byteLength;
    this.mtimeMs = node.modified;
  }

  isFile(): boolean {
    return !this.#isFolder;
  }

  isDirectory(): boolean {
    return this.#isFolder;
  }
}

/** A name that `readdir` finds. */
export class FolderEntry {
  readonly name: string;
  readonly parentPath: string;
  readonly #isFolder: boolean;

  constructor(name: string, parentPath: string, node: TreeNode) {
    this.name = name;
    this.parentPath = parentPath;
    this.#isFolder = isFolder(node);
  }

  isFile(): boolean {
    return !this.#isFolder;
  }

  isDirectory(): boolean {
    return this.#isFolder;
  }
}
