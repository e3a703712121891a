/** Positions in a text, as many as come. */
export class Offsets {
  #values = new Uint32Array(1024);
  #count = 0;

  push(value: number): void {
    this.#makeRoom(this.#count + 1);
    this.#values[this.#count++] = value;
  }

  /** Adds the first `count` of `values`. */
  add(values: readonly number[], count: number): void {
    const end = this.#count + count;
    this.#makeRoom(end);
    for (let i = 0; i < count; i++) this.#values[this.#count + i] = values[i];
    this.#count = end;
  }

  values(): Uint32Array {
    return this.#values.subarray(0, this.#count);
  }

  #makeRoom(count: number): void {
    if (count <= this.#values.length) return;
    const larger = new Uint32Array(Math.ceil(1.5 * count));
    larger.set(this.#values);
    this.#values = larger;
  }
}
