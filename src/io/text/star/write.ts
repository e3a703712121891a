import { FormatError } from "../../../errors.js";
import { quotedExcerpt } from "../number.js";
import type { StarColumn, StarDocument, StarTable } from "./document.js";

/**
 * STAR text as RELION writes it: a comment line for each comment, `data_` blocks, loops with numbered columns, one row
 * a line, columns aligned. Values are quoted only where they must be. `parseStar` gives back the same document.
 * @throws FormatError for values or names that a line of STAR cannot hold.
 */
export function writeStar(document: StarDocument<StarColumn>): string {
  return [...starPieces(document)].join("");
}

/** The same text piece by piece, of which the largest are some thousand rows. @throws FormatError as `writeStar`. */
export function* starPieces(document: StarDocument<StarColumn>): Generator<string> {
  for (const { name, comments, tables } of document.blocks) {
    if (/\s/.test(name)) throw new FormatError(`the block name ${quotedExcerpt(name)} has spaces`, "STAR");
    yield `\n${comments.map((comment) => `# ${singleLine(comment)}\n`).join("")}\ndata_${name}\n`;
    for (const table of tables) {
      yield "\n";
      yield* table.kind === "loop" ? loopParts(table) : pairLines(table);
    }
  }
}

/** Rows that are made into one part, and rows that say how wide the columns are. */
const ROWS_AT_ONCE = 4096;

/**
 * The labels, then some thousand rows in each part. Rows are made one after the other, since the values of a row may share what
 * they are made of, and are forgotten at once.
 */
function* loopParts({ columns, rowCount }: StarTable<StarColumn>): Generator<string> {
  yield `loop_\n${[...columns.keys()].map((name, i) => `_${tagName(name)} #${i + 1}\n`).join("")}`;
  const values = [...columns.values()];
  const widths = values.map((column) => Math.min(MAXIMUM_PADDING, widthOf(column)));
  for (let start = 0; start < rowCount; start += ROWS_AT_ONCE) {
    const rows: string[] = [];
    for (let row = start; row < Math.min(start + ROWS_AT_ONCE, rowCount); row++)
      rows.push(values.map((column, i) => quoted(column.at(row)!).padStart(widths[i])).join(" "));
    yield `${rows.join("\n")}\n`;
  }
}

/** The length of the longest of the first values. */
function widthOf(column: StarColumn): number {
  let width = 0;
  for (let row = 0; row < Math.min(ROWS_AT_ONCE, column.length); row++)
    width = Math.max(width, quoted(column.at(row)!).length);
  return width;
}

function pairLines({ columns }: StarTable<StarColumn>): string[] {
  const width = longest([...columns.keys()]);
  return [...columns].map(([name, values]) => `_${tagName(name).padEnd(width)} ${quoted(values.at(0)!)}\n`);
}

function longest(texts: readonly string[]): number {
  return texts.reduce((length, text) => Math.max(length, text.length), 0);
}

/** One very long value must not blow up every other line. */
const MAXIMUM_PADDING = 40;

/** Most of what is written, which nothing else needs to be asked about. */
const PLAIN_NUMBER = /^-?\d[\d.]*$/;

/** Bare if it reads back as itself, else in quotes. */
function quoted(value: string): string {
  if (PLAIN_NUMBER.test(value)) return value;
  const bare = /^[^\s'"#;_$[\]][^\s]*$/.test(value) && !/^(data_|loop_$|save_|stop_$|global_$)/i.test(value);
  if (bare || /^\[[\d.,+eE-]*\]$/.test(value)) return value;
  if (!/[\r\n]/.test(value)) {
    if (!/"(\s|$)/.test(value)) return `"${value}"`;
    if (!/'(\s|$)/.test(value)) return `'${value}'`;
  }
  throw new FormatError(`STAR cannot hold the value ${quotedExcerpt(value)}`, "STAR", {
    hint: "A row of a STAR list is a line, so a value must be without line breaks, and without both kinds of quotes.",
  });
}

function tagName(name: string): string {
  if (name === "" || /\s/.test(name)) throw new FormatError(`${quotedExcerpt(name)} cannot name a column`, "STAR");
  return name;
}

function singleLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").trim();
}
