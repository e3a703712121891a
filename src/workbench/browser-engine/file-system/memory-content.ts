/** The bytes of a file in memory, which may grow. */
export class MemoryContent {
  #bytes = new Uint8Array();
  #byteLength = 0;
  #revision = 0;

  /** Another after each change. */
  get revision(): number {
    return this.#revision;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** A copy of `length` bytes from `offset`, or of fewer where the file ends. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice(offset, Math.min(offset + length, this.#byteLength));
  }

  /** A copy of all. */
  whole(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#byteLength);
  }

  /** Zeros lie between the end and an `offset` beyond it. */
  write(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.byteLength;
    this.#reserve(end);
    this.#revision++;
    this.#bytes.set(bytes, offset);
    this.#byteLength = Math.max(this.#byteLength, end);
  }

  truncate(byteLength: number): void {
    this.#reserve(byteLength);
    this.#revision++;
    this.#bytes.fill(0, byteLength, Math.max(byteLength, this.#byteLength));
    this.#byteLength = byteLength;
  }

  #reserve(byteLength: number): void {
    if (byteLength <= this.#bytes.byteLength) return;
    const larger = new Uint8Array(Math.max(byteLength, 2 * this.#byteLength));
    larger.set(this.#bytes.subarray(0, this.#byteLength));
    this.#bytes = larger;
  }
}
