import { FormatError } from "../../../errors.js";
import { quotedExcerpt } from "../number.js";
import type { StarColumn, StarDocument, StarTable } from "./document.js";

/**
 * STAR text as RELION writes it: a comment line for each comment, `data_` blocks, loops with numbered columns, one row
 * a line, columns aligned. Values are quoted only where they must be. `parseStar` gives back the same document.
 * @throws FormatError for values or names that a line of STAR cannot hold.
 */
export function writeStar(document: StarDocument<StarColumn>): string {
  const parts: string[] = [];
  for (const { name, comments, tables } of document.blocks) {
    if (/\s/.test(name)) throw new FormatError(`the block name ${quotedExcerpt(name)} has spaces`, "STAR");
    parts.push("\n", ...comments.map((comment) => `# ${singleLine(comment)}\n`), `\ndata_${name}\n`);
    for (const table of tables) {
      parts.push("\n");
      for (const part of table.kind === "loop" ? loopParts(table) : pairLines(table)) parts.push(part);
    }
  }
  return parts.join("");
}

/** Rows that are made into text, and so into memory, at a time. */
const ROWS_AT_ONCE = 4096;

/** The labels, then some thousand rows in each part. Columns are as wide as the first of these need. */
function* loopParts({ columns, rowCount }: StarTable<StarColumn>): Generator<string> {
  yield `loop_\n${[...columns.keys()].map((name, i) => `_${tagName(name)} #${i + 1}\n`).join("")}`;
  const widths: number[] = [];
  for (let start = 0; start < rowCount; start += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rowCount - start);
    const cells = [...columns.values()].map((values) =>
      Array.from({ length: count }, (_, row) => quoted(values.at(start + row)!)),
    );
    for (const [column, values] of cells.entries()) widths[column] ??= Math.min(MAXIMUM_PADDING, longest(values));
    const rows = Array.from({ length: count }, (_, row) =>
      cells.map((values, column) => values[row].padStart(widths[column])).join(" "),
    );
    yield `${rows.join("\n")}\n`;
  }
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

/** Bare if it reads back as itself, else in quotes. */
function quoted(value: string): string {
  const bare = /^[^\s'"#;_$[\]][^\s]*$/.test(value) && !/^(data_|loop_$|save_|stop_$|global_$)/i.test(value);
  if (bare || /^\[[\d.,+-]*\]$/.test(value)) return value;
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
