import { plainNumberAt } from "../plain-numbers.js";
import type { StarColumn } from "./document.js";
import { LINE_FEED, valueAt } from "./value.js";

/** Which of the starts are those of a column: every `stride`-th from the `first`. */
interface ColumnShape {
  readonly first: number;
  readonly stride: number;
  readonly length: number;
}

/** A column of a loop as a view of the file's text. */
export class TextColumn implements StarColumn {
  readonly length: number;

  /** @param starts where each value of the loop starts, row by row. */
  constructor(
    private readonly text: string,
    private readonly starts: Uint32Array,
    private readonly shape: ColumnShape,
  ) {
    this.length = shape.length;
  }

  at(index: number): string | undefined {
    return index >= 0 && index < this.length ? valueAt(this.text, this.#start(index)) : undefined;
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let index = 0; index < this.length; index++) yield valueAt(this.text, this.#start(index));
  }

  plainNumberAt(index: number): number {
    return plainNumberAt(this.text, this.#start(index));
  }

  lineOf(index: number): number {
    let line = 1;
    const { text } = this;
    for (let at = this.#start(index) - 1; at >= 0; at--) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || (code === 13 && text.charCodeAt(at + 1) !== LINE_FEED)) line++;
    }
    return line;
  }

  #start(index: number): number {
    return this.starts[index * this.shape.stride + this.shape.first];
  }
}
