import { type CosnetErrorOptions, FormatError } from "../../../errors.js";
import { endOfValue, isLineEnd, isSpace, LINE_FEED, valueAt } from "./value.js";

const [CARRIAGE_RETURN, HASH, UNDERSCORE] = [13, 35, 95] as const;

/** A text, line by line, and where the values of the current line start. One pass, without copying anything. */
export class StarLines {
  /** Where each value of the line starts in the text; the first `count` are of this line. */
  readonly starts: number[] = [];
  count = 0;
  /** Of the current line, from 1. */
  line = 0;
  #position = 0;
  #isQuoteOpen = false;
  #comments: string[] = [];

  constructor(
    readonly text: string,
    private readonly name: string,
  ) {
    if (text.startsWith("\ufeff")) this.#position = 1;
  }

  /** Moves to the next line that has values; false at the end of the text. */
  next(): boolean {
    while (this.#position < this.text.length) {
      this.#readLine();
      if (this.count > 0) return true;
    }
    return false;
  }

  value(index: number): string {
    return valueAt(this.text, this.starts[index]);
  }

  /** Whether the line is a label, or a tag and its value. */
  isLabel(): boolean {
    return this.text.charCodeAt(this.starts[0]) === UNDERSCORE;
  }

  /** Whether the line is nothing but `loop_`, or `data_` and a name. */
  isKeyword(keyword: "data_" | "loop_"): boolean {
    const start = this.starts[0];
    if (this.count !== 1 || this.text.slice(start, start + keyword.length).toLowerCase() !== keyword) return false;
    return keyword === "data_" || endOfValue(this.text, start) === start + keyword.length;
  }

  /** The comments on lines of their own since the last call. */
  takeComments(): string[] {
    const comments = this.#comments;
    this.#comments = [];
    return comments;
  }

  /** @throws FormatError when a quote on the line has no end. */
  checkQuotes(): void {
    if (this.#isQuoteOpen)
      throw this.error(`a quote (${this.text[this.starts[this.count - 1]]}) is not closed on its line`);
  }

  error(reason: string, options: Omit<CosnetErrorOptions, "where"> = {}, line = this.line): FormatError {
    return new FormatError(reason, `${this.name}, line ${line}`, options);
  }

  #readLine(): void {
    const { text } = this;
    this.count = 0;
    this.line++;
    this.#isQuoteOpen = false;
    let at = this.#position;
    for (let code = text.charCodeAt(at); at < text.length && !isLineEnd(code); code = text.charCodeAt(at)) {
      if (isSpace(code)) at++;
      else if (code === HASH) at = this.#readComment(at);
      else {
        this.starts[this.count++] = at;
        const end = endOfValue(text, at);
        this.#isQuoteOpen ||= end === undefined;
        at = end ?? lineEnd(text, at);
      }
    }
    const isPair = text.charCodeAt(at) === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED;
    this.#position = at + (isPair ? 2 : 1);
  }

  #readComment(start: number): number {
    const end = lineEnd(this.text, start);
    const comment = this.count === 0 ? this.text.slice(start + 1, end).trim() : "";
    if (comment !== "") this.#comments.push(comment);
    return end;
  }
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++;
  return at;
}
