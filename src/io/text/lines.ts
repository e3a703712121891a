import { Offsets } from "./offsets.js";

const [LINE_FEED, CARRIAGE_RETURN] = [10, 13] as const;

/**
 * The lines of a text, with LF, CRLF or CR ends, each cut out when it is asked for: those of a long table would fill memory
 * beside it.
 */
export class TextLines {
  readonly #starts: Uint32Array;

  constructor(readonly text: string) {
    const starts = new Offsets();
    starts.push(0);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const isEnd = code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED);
      if (isEnd) starts.push(at + 1);
    }
    this.#starts = starts.values();
  }

  /** How many there are; an end of line at the end of the text begins one more, which is empty. */
  get length(): number {
    return this.#starts.length;
  }

  /** Where a line starts in the text. */
  start(index: number): number {
    return this.#starts[index];
  }

  /** Where it ends, before the characters that end it. */
  end(index: number): number {
    if (index === this.length - 1) return this.text.length;
    const end = this.#starts[index + 1] - 1;
    const isPair = this.text.charCodeAt(end) === LINE_FEED && this.text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    return isPair && end > this.start(index) ? end - 1 : end;
  }

  /** A line, without what ends it. */
  at(index: number): string {
    return this.text.slice(this.start(index), this.end(index));
  }

  /** The first lines. */
  first(count: number): string[] {
    return Array.from({ length: Math.min(count, this.length) }, (_, index) => this.at(index));
  }
}
