import type { FileLike } from "../../protocol/index.js";

const BLOCK_BYTES = 1 << 20;
/** Blocks kept, the last used: rows of neighbouring boxes come from the same ones. */
const MOST_BLOCKS = 96;

/** The bytes of a file of this computer, which are read where they are asked for and never all together. */
export class MountedContent {
  readonly #file: FileLike;
  readonly #blocks = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(file: FileLike) {
    this.#file = file;
  }

  get byteLength(): number {
    return this.#file.size;
  }

  /** `length` bytes from `offset`, or fewer where the file ends. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = Math.max(offset, Math.min(offset + length, this.byteLength));
    if (end - offset >= BLOCK_BYTES) return this.#slice(offset, end);
    const bytes = new Uint8Array(end - offset);
    for (let start = offset; start < end; ) {
      const index = Math.floor(start / BLOCK_BYTES);
      const block = await this.#block(index);
      const part = block.subarray(start - index * BLOCK_BYTES, end - index * BLOCK_BYTES);
      bytes.set(part, start - offset);
      start += part.byteLength;
    }
    return bytes;
  }

  #block(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const block =
      this.#blocks.get(index) ?? this.#slice(index * BLOCK_BYTES, Math.min((index + 1) * BLOCK_BYTES, this.byteLength));
    this.#blocks.delete(index);
    this.#blocks.set(index, block); // now the last used
    block.catch(() => this.#blocks.delete(index));
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MOST_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }

  async #slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#file.slice(start, end).arrayBuffer());
  }
}
