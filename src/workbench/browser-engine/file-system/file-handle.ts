/** An open file, as `node:fs/promises` gives it. */

import { bytesOf, type Data } from "./data.js";
import { failure } from "./failure.js";
import { keepFiles } from "./keep-files.js";
import { MemoryContent } from "./memory-content.js";
import { FileStatus } from "./status.js";
import type { FileNode } from "./tree.js";

interface OpenMode {
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** Everything is written at the end. */
  readonly appends: boolean;
}

export class FileHandle {
  readonly #path: string;
  readonly #node: FileNode;
  readonly #mode: OpenMode;
  #position = 0;
  #isOpen = true;

  constructor(path: string, node: FileNode, mode: OpenMode) {
    this.#path = path;
    this.#node = node;
    this.#mode = mode;
  }

  async read(
    bytes: Uint8Array,
    offset = 0,
    length = bytes.byteLength - offset,
    position: number | null = null,
  ): Promise<{ readonly bytesRead: number }> {
    this.#check("read", this.#mode.canRead);
    const piece = await this.#node.content.read(position ?? this.#position, length);
    bytes.set(piece, offset);
    if (position === null) this.#position += piece.byteLength;
    return { bytesRead: piece.byteLength };
  }

  async write(
    bytes: Uint8Array,
    offset = 0,
    length = bytes.byteLength - offset,
    position: number | null = null,
  ): Promise<{ readonly bytesWritten: number }> {
    this.#put(bytes.subarray(offset, offset + length), position);
    return { bytesWritten: length };
  }

  /** From where the file stands. */
  async writeFile(data: Data): Promise<void> {
    this.#put(bytesOf(data), null);
  }

  async appendFile(data: Data): Promise<void> {
    this.#put(bytesOf(data), null);
  }

  async stat(): Promise<FileStatus> {
    this.#check("fstat");
    return new FileStatus(this.#node);
  }

  async truncate(byteLength = 0): Promise<void> {
    this.#writable("ftruncate").truncate(byteLength);
    this.#node.modified = Date.now();
  }

  async datasync(): Promise<void> {
    this.#check("fdatasync");
    await keepFiles();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #put(bytes: Uint8Array, position: number | null): void {
    const content = this.#writable("write");
    const start = this.#mode.appends ? content.byteLength : (position ?? this.#position);
    content.write(bytes, start);
    if (position === null) this.#position = start + bytes.byteLength;
    this.#node.modified = Date.now();
  }

  #writable(call: string): MemoryContent {
    this.#check(call, this.#mode.canWrite);
    const { content } = this.#node;
    if (content instanceof MemoryContent) return content;
    throw failure("EROFS", call, this.#path);
  }

  #check(call: string, isAllowed = true): void {
    if (!this.#isOpen || !isAllowed) throw failure("EBADF", call, this.#path);
  }
}
