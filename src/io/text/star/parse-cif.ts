import { FormatError } from "../../../errors.js";
import type { StarBlock, StarDocument, StarTable } from "./document.js";

/**
 * Parses CIF, the STAR of mmCIF: `data_` blocks of loops and tag-value pairs, values bare, quoted with ' or ", or in lines
 * between semicolons, rows over as many lines as they like; comments after #; LF, CRLF or CR line ends. RELION's STAR, whose
 * rows are lines, is `parseStar`'s.
 * Source: Hall, "The STAR file", J. Chem. Inf. Comput. Sci. 31 (1991) 326, as restricted by the CIF 1.1 syntax.
 * @throws FormatError with the line of the first mistake.
 */
export function parseCif(text: string, { name = "CIF" }: { name?: string } = {}): StarDocument {
  const tokens = new Tokens(text.replace(/^\ufeff/, ""), name);
  const blocks: { name: string; comments: string[]; tables: StarTable[] }[] = [];
  let pairs: Map<string, string[]> | undefined;
  const tablesHere = () => {
    const block = blocks.at(-1);
    if (!block) throw tokens.error("data before the first data_ line");
    return block.tables;
  };
  while (tokens.next()) {
    const { kind, value } = tokens;
    if (kind === "bare" && startsWith(value, "data_")) {
      blocks.push({ name: value.slice(5), comments: tokens.takeComments(), tables: [] });
      pairs = undefined;
    } else if (kind === "bare" && value.toLowerCase() === "loop_") {
      tablesHere().push(parseLoop(tokens));
      pairs = undefined;
    } else if (kind === "bare" && startsWith(value, "save_")) {
      throw tokens.error("save frames (save_...) are not supported");
    } else if (kind === "tag") {
      if (!pairs) {
        pairs = new Map();
        tablesHere().push({ kind: "pairs", columns: pairs, rowCount: 1 });
      }
      if (pairs.has(value)) throw tokens.error(`tag _${value} appears twice`);
      if (!tokens.next() || !tokens.isValue()) throw tokens.error(`tag _${value} has no value`);
      pairs.set(value, [tokens.value]);
    } else {
      throw tokens.error(`unexpected ${JSON.stringify(value.slice(0, 40))}`);
    }
  }
  return { blocks: blocks satisfies StarBlock[] };
}

/** Columns and rows of a loop; leaves the token after the loop to be read next. */
function parseLoop(tokens: Tokens): StarTable {
  const columns = new Map<string, string[]>();
  const startLine = tokens.line;
  while (tokens.next() && tokens.kind === "tag") {
    if (columns.has(tokens.value)) throw tokens.error(`column _${tokens.value} appears twice`);
    columns.set(tokens.value, []);
  }
  if (columns.size === 0) throw tokens.error("a loop_ without columns");
  const lists = [...columns.values()];
  let column = 0;
  let rowLine = tokens.line;
  for (; !tokens.ended && tokens.isValue(); tokens.next()) {
    if (column === 0) rowLine = tokens.line;
    lists[column].push(tokens.value);
    column = column + 1 === lists.length ? 0 : column + 1;
  }
  const rowCount = lists.at(-1)!.length;
  if (column !== 0)
    throw tokens.error(
      `the loop that starts on line ${startLine} has ${lists.length} columns, but its last row only ${column} values`,
      rowLine,
    );
  tokens.putBack();
  return { kind: "loop", columns, rowCount };
}

function startsWith(value: string, keyword: string): boolean {
  return value.length >= keyword.length && value.slice(0, keyword.length).toLowerCase() === keyword;
}

const [TAB, LF, CR, SPACE, DOUBLE, HASH, SINGLE, SEMICOLON, UNDERSCORE] = [9, 10, 13, 32, 34, 35, 39, 59, 95] as const;

/** One pass over the text, one token at a time, without copying anything but the values. */
class Tokens {
  kind: "bare" | "quoted" | "tag" = "bare";
  value = "";
  line = 1;
  ended = false;
  #position = 0;
  #again = false;
  #comments: string[] = [];

  constructor(
    private readonly text: string,
    private readonly name: string,
  ) {}

  /** The current token is returned once more by `next`. */
  putBack(): void {
    this.#again = true;
  }

  /** The comments on lines of their own since the last call. */
  takeComments(): string[] {
    const comments = this.#comments;
    this.#comments = [];
    return comments;
  }

  /** Whether the current token is data, not a tag or keyword. */
  isValue(): boolean {
    if (this.kind !== "bare") return this.kind === "quoted";
    const first = this.value.charCodeAt(0) | 32;
    if (first !== 100 && first !== 108 && first !== 115) return true; // only d(ata_), l(oop_), s(ave_) matter
    return !/^(data_|loop_$|save_)/i.test(this.value);
  }

  /** Moves to the next token; false at the end of the text. */
  next(): boolean {
    if (this.#again) {
      this.#again = false;
      return !this.ended;
    }
    const { text } = this;
    let at = this.#position;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) this.line++;
      else if (code === HASH) {
        const ownLine = at === 0 || isLineEnd(text.charCodeAt(at - 1));
        const start = at + 1;
        while (at + 1 < text.length && !isLineEnd(text.charCodeAt(at + 1))) at++;
        const comment = text.slice(start, at + 1).trim();
        if (ownLine && comment !== "") this.#comments.push(comment);
      } else if (code !== SPACE && code !== TAB && code !== CR) break;
    }
    if (at >= text.length) {
      this.ended = true;
      this.#position = at;
      return false;
    }
    const code = text.charCodeAt(at);
    if (code === SEMICOLON && (at === 0 || isLineEnd(text.charCodeAt(at - 1)))) this.#readLines(at);
    else if (code === SINGLE || code === DOUBLE) this.#readQuoted(at, code);
    else {
      let end = at + 1;
      while (end < text.length && !isSpace(text.charCodeAt(end))) end++;
      this.kind = code === UNDERSCORE ? "tag" : "bare";
      this.value = text.slice(code === UNDERSCORE ? at + 1 : at, end);
      this.#position = end;
    }
    return true;
  }

  error(message: string, line = this.line): FormatError {
    return new FormatError(message, `${this.name}, line ${line}`);
  }

  /** A quote ends the value only before a space or the end of the line, so that 5'-end needs no escape. */
  #readQuoted(start: number, quote: number): void {
    const { text } = this;
    for (let at = start + 1; at < text.length && !isLineEnd(text.charCodeAt(at)); at++) {
      if (text.charCodeAt(at) !== quote) continue;
      if (at + 1 < text.length && !isSpace(text.charCodeAt(at + 1))) continue;
      this.kind = "quoted";
      this.value = text.slice(start + 1, at);
      this.#position = at + 1;
      return;
    }
    throw this.error(`a quote (${String.fromCharCode(quote)}) is not closed on its line`);
  }

  /** Text between a line that starts with ";" and the next such line. */
  #readLines(start: number): void {
    const close = /(\r\n|\r|\n);/g;
    close.lastIndex = start;
    const match = close.exec(this.text);
    if (!match) throw this.error("a text field (;) is not closed");
    this.kind = "quoted";
    const lines = this.text.slice(start + 1, match.index).split(/\r\n|\r|\n/);
    this.value = lines.join("\n");
    this.line += lines.length;
    this.#position = match.index + match[0].length;
  }
}

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || code === CR;
}
